#include "core/embedding/tokenizer/open_tokenizer.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/tokenizer/sentencepiece_tokenizer.h"
#include "core/embedding/tokenizer/wordpiece.h"

namespace policykb {

namespace {

using nlohmann::json;

// XLM-R's tokenizer.json has 17 MB.
constexpr uint64_t kMostFileBytes = uint64_t{256} << 20;

absl::StatusOr<std::unique_ptr<Tokenizer>> OpenSentencePiece(const std::string& path,
                                                             Casing casing) {
  if (casing != Casing::kAsModel) {
    return absl::InvalidArgumentError("casing is a part of the model and cannot be changed");
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kMostFileBytes));
  SentencePieceTokenizer::Parsed parsed = SentencePieceTokenizer::ParseXlmRoberta(bytes);
  if (parsed.tokenizer == nullptr) return absl::DataLossError(parsed.error);
  return std::move(parsed.tokenizer);
}

// What tokenizer_config.json says of BERT's text treatment; the defaults where it says nothing.
absl::StatusOr<BertTextOptions> ReadBertOptions(const std::string& folder, Casing casing) {
  BertTextOptions options = {
      .clean = true, .separate_han = true, .strip_accents = true, .lower_case = true};
  const std::string path = JoinPath(folder, kTokenizerConfigFile);
  const absl::StatusOr<std::string> text = ReadFile(path, kMostFileBytes);
  if (!text.ok() && !absl::IsNotFound(text.status())) return text.status();
  const json config = text.ok() ? json::parse(*text, nullptr, false) : json::object();
  if (!config.is_object()) return absl::DataLossError(Cat(path, ": not a JSON object"));
  const auto flag = [&config](const char* name, bool fallback) {
    const auto found = config.find(name);
    return found != config.end() && found->is_boolean() ? found->get<bool>() : fallback;
  };
  options.lower_case = flag("do_lower_case", true);
  if (casing != Casing::kAsModel) options.lower_case = casing == Casing::kLower;
  options.separate_han = flag("tokenize_chinese_chars", true);
  options.strip_accents = flag("strip_accents", options.lower_case);
  return options;
}

absl::StatusOr<std::unique_ptr<Tokenizer>> OpenVocabulary(const std::string& folder,
                                                          const std::string& path, Casing casing) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostFileBytes));
  ASSIGN_OR_RETURN(const BertTextOptions options, ReadBertOptions(folder, casing));
  std::vector<Piece> pieces;
  SpecialTokens special;
  for (std::string_view line : Split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto id = static_cast<int32_t>(pieces.size());
    if (line == "[CLS]") special.first = id;
    if (line == "[SEP]") special.separator = id;
    if (line == "[UNK]") special.unknown = id;
    if (line == "[PAD]") special.padding = id;
    pieces.push_back({.text = std::string(line), .id = id});
  }
  if (pieces.back().text.empty()) pieces.pop_back();
  std::vector<TextStep> steps = {
      [options](std::string_view to_treat) { return BertText(to_treat, options); }};
  return WordPiece::Create(pieces, {}, special, std::move(steps));
}

}  // namespace

std::vector<std::string> TokenizerFiles(const std::string& folder) {
  for (const std::string_view name : {kSentencePieceFile, kTokenizerFile}) {
    if (PathExists(JoinPath(folder, name))) return {std::string(name)};
  }
  std::vector<std::string> names;
  for (const std::string_view name : {kVocabularyFile, kTokenizerConfigFile}) {
    if (PathExists(JoinPath(folder, name))) names.emplace_back(name);
  }
  return names;
}

absl::StatusOr<std::unique_ptr<Tokenizer>> OpenTokenizer(const std::string& folder, Casing casing) {
  const std::string pieces = JoinPath(folder, kSentencePieceFile);
  if (PathExists(pieces)) {
    ASSIGN_OR_RETURN_IN(std::unique_ptr<Tokenizer> tokenizer, OpenSentencePiece(pieces, casing),
                        pieces);
    return tokenizer;
  }
  const std::string description = JoinPath(folder, kTokenizerFile);
  if (PathExists(description)) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(description, kMostFileBytes));
    ASSIGN_OR_RETURN_IN(std::unique_ptr<Tokenizer> tokenizer, ParseTokenizerJson(text, casing),
                        description);
    return tokenizer;
  }
  const std::string vocabulary = JoinPath(folder, kVocabularyFile);
  if (!PathExists(vocabulary)) {
    return absl::NotFoundError(Cat(folder, ": no tokenizer: none of ", kSentencePieceFile, ", ",
                                   kTokenizerFile, ", ", kVocabularyFile));
  }
  ASSIGN_OR_RETURN_IN(std::unique_ptr<Tokenizer> tokenizer,
                      OpenVocabulary(folder, vocabulary, casing), vocabulary);
  return tokenizer;
}

}  // namespace policykb
