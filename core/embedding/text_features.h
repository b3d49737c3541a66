// What the corpus embedder sees of a text: keys of Han characters and their overlapping pairs, and
// the rest as words.
//
// Han text has no word boundaries and a query rarely cuts as the law does, so overlapping pairs
// find more than pieces do; all other scripts go to the piece model. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TEXT_FEATURES_H_
#define POLICYKB_CORE_EMBEDDING_TEXT_FEATURES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct TextFeatures {
  // One key per Han character (its code) and per pair of neighbors (first code * 2^32 + second
  // code), in order.
  std::vector<uint64_t> han_keys;
  // Everything else but punctuation, white space collapsed to single spaces between words; may be
  // empty.
  std::string words;
};

// Of the text after NormalizeForMatch.
TextFeatures ExtractFeatures(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TEXT_FEATURES_H_
