// StripInlineMarks: the words of a Markdown paragraph without its inline marks.
//
// Links keep their words, images go, emphasis, strike-through and code marks go where they come in
// pairs, backslash escapes and character references are decoded. Linear. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_INLINE_MARKS_H_
#define POLICYKB_INDEXER_READERS_INLINE_MARKS_H_

#include <string>
#include <string_view>

namespace policykb {

// `text` may hold line ends; kBreakMark before one stays.
std::string StripInlineMarks(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_INLINE_MARKS_H_
