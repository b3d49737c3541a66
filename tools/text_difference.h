// CompareTexts: which stretches of two texts differ, character by character.
//
// For showing amendments to people; not for deciding whether something changed. Pure function, any
// thread.

#ifndef POLICYKB_TOOLS_TEXT_DIFFERENCE_H_
#define POLICYKB_TOOLS_TEXT_DIFFERENCE_H_

#include <string>
#include <string_view>
#include <vector>

namespace policykb {

enum class StretchKind { kCommon, kOlder, kNewer };

struct TextStretch {
  StretchKind kind = StretchKind::kCommon;
  std::string text;  // never empty
  friend bool operator==(const TextStretch&, const TextStretch&) = default;
};

// Stretches in order: the common and older ones make `older`, the common and newer ones `newer`. No
// two neighbours are of one kind; of a changed place the older stretch comes first. A single
// common character between changed ones counts as changed. Between the common beginning and end, up
// to 2,000 characters each are compared; longer middles count as changed as a whole.
std::vector<TextStretch> CompareTexts(std::string_view older, std::string_view newer);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_TEXT_DIFFERENCE_H_
