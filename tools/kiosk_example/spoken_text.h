// SpokenText: a sentence of an answer, as a voice should say it.
//
// An example for who writes a client that speaks. What is only for the eye goes: marks of
// citations, brackets, list marks, Markdown. What a voice would stumble over is written out: dates,
// times, ranges, percentages, amounts, telephone numbers digit by digit. Not for the screen, which
// shows the text as it is. Pure function, any thread.

#ifndef POLICYKB_TOOLS_KIOSK_EXAMPLE_SPOKEN_TEXT_H_
#define POLICYKB_TOOLS_KIOSK_EXAMPLE_SPOKEN_TEXT_H_

#include <string>
#include <string_view>

namespace policykb {

// Of UTF-8 text; malformed bytes become U+FFFD. Text with a Chinese character or mark is read as
// Chinese, other text as English.
std::string SpokenText(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_KIOSK_EXAMPLE_SPOKEN_TEXT_H_
