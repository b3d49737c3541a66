// TextBuilder: puts blocks one after the other into canonical text.
//
// For the readers only. One thread.

#ifndef POLICYKB_INDEXER_READERS_TEXT_BUILDER_H_
#define POLICYKB_INDEXER_READERS_TEXT_BUILDER_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "indexer/readers/characters.h"
#include "indexer/readers/reader.h"

namespace policykb {

class TextBuilder {
 public:
  explicit TextBuilder(CanonicalText out) : out_(std::move(out)) {}

  // Appends `words` as one block; blanks at its ends are left out, and an empty block altogether.
  void Add(BlockKind kind, std::string_view words, uint32_t line, uint8_t level = 0,
           bool table_header = false) {
    words = StripBlanks(words);
    if (words.empty()) return;
    if (!out_.text.empty()) out_.text += '\n';
    const auto start = static_cast<uint32_t>(out_.text.size());
    out_.text += words;
    out_.blocks.push_back(
        {kind, level, table_header, {start, static_cast<uint32_t>(out_.text.size())}, line});
  }

  CanonicalText& out() { return out_; }

 private:
  CanonicalText out_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_TEXT_BUILDER_H_
