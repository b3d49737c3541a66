// OpenTokenizer: the tokenizer that a model's folder describes.
//
// Reads sentencepiece.bpe.model, else tokenizer.json, else vocab.txt with tokenizer_config.json.
// The result is const, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_OPEN_TOKENIZER_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_OPEN_TOKENIZER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/tokenizer/tokenizer.h"
#include "core/embedding/tokenizer/tokenizer_json.h"

namespace policykb {

inline constexpr std::string_view kSentencePieceFile = "sentencepiece.bpe.model";
inline constexpr std::string_view kTokenizerFile = "tokenizer.json";
inline constexpr std::string_view kVocabularyFile = "vocab.txt";
inline constexpr std::string_view kTokenizerConfigFile = "tokenizer_config.json";

// Errors: NotFound (none of the files), DataLoss, FailedPrecondition, InvalidArgument, as
// ParseTokenizerJson, each with the file's path.
absl::StatusOr<std::unique_ptr<Tokenizer>> OpenTokenizer(const std::string& folder, Casing casing);

// The files that OpenTokenizer reads of the folder, by name.
std::vector<std::string> TokenizerFiles(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_OPEN_TOKENIZER_H_
