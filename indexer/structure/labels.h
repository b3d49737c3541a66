// Labels at the beginning of a line: bian, zhang, jie, items, enumerated topics, annexes.
//
// What a line could be by its own words; whether it is that, is decided in outline.cc from its
// neighbours. Article labels are in core/text/provision_reference.h. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_LABELS_H_
#define POLICYKB_INDEXER_STRUCTURE_LABELS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "indexer/structure/lines.h"

namespace policykb {

// Ranks of headings, outermost first.
enum class HeadingRank : uint8_t { kPart = 1, kSubpart = 2, kChapter = 3, kSection = 4 };

struct HeadingLabel {
  HeadingRank rank = HeadingRank::kChapter;
  int64_t number = 0;
  int64_t suffix = 0;  // behind "zhi"
  size_t size = 0;     // bytes of the label
};

// "di yi zhang", "di er fen bian", "Chapter 3", "Part IV".
std::optional<HeadingLabel> ReadHeadingLabel(std::string_view line);

// True when what follows a label can be the words of a heading: short, no sentence, and no words
// that make the label a reference ("di yi zhang gui ding de ...").
bool CanBeHeading(std::string_view rest);

enum class ItemStyle : uint8_t {
  kChineseBracket,
  kArabicBracket,
  kArabicDot,
  kCircled,
  kLatinBracket
};

struct ItemLabel {
  ItemStyle style = ItemStyle::kChineseBracket;
  int64_t number = 0;
  size_t size = 0;
};

// "(yi)", "(1)", "1.", "1,", circled numbers, "(a)".
std::optional<ItemLabel> ReadItemLabel(std::string_view line);

struct TopicLabel {
  int64_t number = 0;
  size_t size = 0;
};

// "yi," at the beginning of a line.
std::optional<TopicLabel> ReadTopicLabel(std::string_view line);

struct AnnexLabel {
  int64_t number = 0;  // 0 where it has none
  size_t size = 0;
};

// "fu jian 1", "fu:", "Annex 2" at the beginning of a line that can be the heading of an annex.
std::optional<AnnexLabel> ReadAnnexLabel(std::string_view line);

// Index behind the table of contents that begins at `at` ("mu lu" and the headings that follow).
size_t SkipContents(std::string_view text, const std::vector<TextLine>& lines, size_t at);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_LABELS_H_
