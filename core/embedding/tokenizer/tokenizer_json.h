// tokenizer.json -> Tokenizer.
//
// Reads what Hugging Face's tokenizers library stores of WordPiece and unigram models: normalizer,
// pre-tokenizer, vocabulary. A step that is not known here is refused by name, since leaving it out
// would change vectors. Pure function, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_JSON_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_JSON_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/embedding/tokenizer/tokenizer.h"

namespace policykb {

// Whether capitals are lowered before pieces are looked for.
enum class Casing : uint8_t {
  kAsModel,
  kLower,  // for vocabularies without capitals whose files say otherwise (bge-small-zh-v1.5)
  kKeep,
};

// Errors: DataLoss (grammar), FailedPrecondition (a model, normalizer or pre-tokenizer that is not
// known here), InvalidArgument (`casing` where there is no step that it could change).
absl::StatusOr<std::unique_ptr<Tokenizer>> ParseTokenizerJson(std::string_view json, Casing casing);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_JSON_H_
