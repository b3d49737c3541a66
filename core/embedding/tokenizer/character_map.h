// CharacterMap: the precompiled normalisation of SentencePiece models.
//
// A double array (Aoe 1989; the layout of darts-clone) from UTF-8 sequences to places in a block of
// replacements. Nothing of it is trusted. Const after Decode, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_CHARACTER_MAP_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_CHARACTER_MAP_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

class CharacterMap {
 public:
  // Errors: DataLoss.
  static absl::StatusOr<CharacterMap> Decode(std::string_view bytes);

  // `text` with the longest sequences that have a replacement replaced, from left to right;
  // malformed bytes become U+FFFD.
  std::string Apply(std::string_view text) const;

 private:
  struct Match {
    size_t size = 0;  // bytes of the text; 0: no sequence
    size_t place = 0;
  };
  Match Longest(std::string_view text) const;

  std::vector<uint32_t> units_;
  std::string replacements_;  // each ended by a zero byte
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_CHARACTER_MAP_H_
