#include "core/embedding/tokenizer/tokenizer_json.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/tokenizer/character_map.h"
#include "core/embedding/tokenizer/text_steps.h"
#include "core/embedding/tokenizer/unigram.h"
#include "core/embedding/tokenizer/wordpiece.h"
#include "core/text/unicode_properties.h"

namespace policykb {

namespace {

using nlohmann::json;

// The member, or null where `object` has none of that name.
const json& Member(const json& object, const char* name) {
  static const json* const absent = new json();
  if (!object.is_object()) return *absent;
  const auto found = object.find(name);
  return found == object.end() ? *absent : *found;
}

std::string TextOf(const json& object, const char* name) {
  const json& member = Member(object, name);
  return member.is_string() ? member.get<std::string>() : std::string();
}

bool FlagOf(const json& object, const char* name, bool fallback) {
  const json& member = Member(object, name);
  return member.is_boolean() ? member.get<bool>() : fallback;
}

absl::Status Unknown(std::string_view what, const json& object) {
  return absl::FailedPreconditionError(
      Cat(what, " ", OneLine(TextOf(object, "type")), " is not known here"));
}

// Steps of the normalizer, with the casing asked for.
class StepReader {
 public:
  explicit StepReader(Casing casing) : casing_(casing) {}

  absl::Status Read(const json& normalizer) {
    if (normalizer.is_null()) return absl::OkStatus();
    const std::string type = TextOf(normalizer, "type");
    if (type == "Sequence") {
      const json& parts = Member(normalizer, "normalizers");
      if (!parts.is_array()) return absl::DataLossError("normalizer Sequence without a list");
      for (const json& part : parts) {
        if (TextOf(part, "type") == "Sequence") return Unknown("normalizer inside Sequence", part);
        RETURN_IF_ERROR(Read(part));
      }
      return absl::OkStatus();
    }
    if (type == "Replace") return ReadReplace(normalizer);
    if (type == "Precompiled") return ReadCharacterMap(normalizer);
    return ReadSimple(type, normalizer);
  }

  absl::StatusOr<std::vector<TextStep>> Take() {
    if (casing_ == Casing::kLower && !lowers_) steps_.emplace_back(LowerCased);
    if (casing_ == Casing::kKeep && lowers_) {
      return absl::InvalidArgumentError(
          "lower-casing is a step of its own, it cannot be taken out");
    }
    return std::move(steps_);
  }

 private:
  absl::Status ReadSimple(const std::string& type, const json& normalizer) {
    if (type == "BertNormalizer") {
      steps_.emplace_back(BertStep(normalizer));
    } else if (type == "Lowercase") {
      lowers_ = true;
      steps_.emplace_back(LowerCased);
    } else if (type == "StripAccents") {
      steps_.emplace_back(WithoutMarks);
    } else if (type == "Strip") {
      const StripEnds ends = {.left = FlagOf(normalizer, "strip_left", true),
                              .right = FlagOf(normalizer, "strip_right", true)};
      steps_.emplace_back(
          [ends](std::string_view text) { return std::string(StripWhiteSpace(text, ends)); });
    } else if (type == "Prepend") {
      steps_.emplace_back([prefix = TextOf(normalizer, "prepend")](std::string_view text) {
        return text.empty() ? std::string() : Cat(prefix, text);
      });
    } else if (const std::optional<UnicodeForm> form = FormOf(type)) {
      steps_.emplace_back([form](std::string_view text) { return ToForm(text, *form); });
    } else {
      return Unknown("normalizer", normalizer);
    }
    return absl::OkStatus();
  }

  static std::optional<UnicodeForm> FormOf(std::string_view type) {
    if (type == "NFC") return UnicodeForm::kNfc;
    if (type == "NFD") return UnicodeForm::kNfd;
    if (type == "NFKC") return UnicodeForm::kNfkc;
    if (type == "NFKD") return UnicodeForm::kNfkd;
    return std::nullopt;
  }

  TextStep BertStep(const json& normalizer) {
    BertTextOptions options;
    options.clean = FlagOf(normalizer, "clean_text", true);
    options.separate_han = FlagOf(normalizer, "handle_chinese_chars", true);
    options.lower_case = FlagOf(normalizer, "lowercase", true);
    if (casing_ != Casing::kAsModel) options.lower_case = casing_ == Casing::kLower;
    // Accents follow the casing unless the file says something of their own.
    options.strip_accents = FlagOf(normalizer, "strip_accents", options.lower_case);
    lowers_ = options.lower_case;
    return [options](std::string_view text) { return BertText(text, options); };
  }

  absl::Status ReadReplace(const json& normalizer) {
    const json& pattern = Member(normalizer, "pattern");
    const std::string to = TextOf(normalizer, "content");
    if (const std::string from = TextOf(pattern, "String"); !from.empty()) {
      steps_.emplace_back([from, to](std::string_view text) { return ReplaceAll(text, from, to); });
      return absl::OkStatus();
    }
    // The expressions that published tokenizers use.
    const std::string expression = TextOf(pattern, "Regex");
    if (expression == "\\s+") {
      steps_.emplace_back([to](std::string_view text) { return ReplaceWhiteSpaceRuns(text, to); });
    } else if (expression == " {2,}") {
      steps_.emplace_back([to](std::string_view text) { return ReplaceSpaceRuns(text, to); });
    } else {
      return absl::FailedPreconditionError(
          Cat("normalizer Replace with the pattern ", OneLine(expression), " is not known here"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadCharacterMap(const json& normalizer) {
    const std::string encoded = TextOf(normalizer, "precompiled_charsmap");
    std::string bytes;
    if (!absl::Base64Unescape(encoded, &bytes)) {
      return absl::DataLossError("precompiled_charsmap is not base64");
    }
    ASSIGN_OR_RETURN(CharacterMap map, CharacterMap::Decode(bytes));
    auto shared = std::make_shared<const CharacterMap>(std::move(map));
    steps_.emplace_back([shared](std::string_view text) { return shared->Apply(text); });
    return absl::OkStatus();
  }

  Casing casing_;
  bool lowers_ = false;
  std::vector<TextStep> steps_;
};

absl::StatusOr<std::vector<TextStep>> ReadSteps(const json& root, Casing casing) {
  StepReader reader(casing);
  RETURN_IF_ERROR(reader.Read(Member(root, "normalizer")));
  return reader.Take();
}

absl::StatusOr<int32_t> IdOf(const json& value, std::string_view piece) {
  if (!value.is_number_unsigned() ||
      value.get<uint64_t>() >= static_cast<uint64_t>(std::numeric_limits<int32_t>::max())) {
    return absl::DataLossError(Cat("piece ", OneLine(piece), " has no id from 0 to 2^31 - 2"));
  }
  return value.get<int32_t>();
}

// Special tokens by the names that the families give them, among the added tokens and the pieces.
class SpecialReader {
 public:
  absl::Status ReadAdded(const json& root) {
    const json& added = Member(root, "added_tokens");
    if (!added.is_array()) return absl::OkStatus();
    for (const json& token : added) {
      const std::string content = TextOf(token, "content");
      ASSIGN_OR_RETURN(const int32_t id, IdOf(Member(token, "id"), content));
      Take(content, id);
    }
    return absl::OkStatus();
  }

  void Take(std::string_view piece, int32_t id) {
    const auto set = [id](int32_t& to) {
      if (to < 0) to = id;
    };
    if (piece == "[CLS]" || piece == "<s>") set(special_.first);
    if (piece == "[SEP]" || piece == "</s>") set(special_.separator);
    if (piece == "[UNK]" || piece == "<unk>") set(special_.unknown);
    if (piece == "[PAD]" || piece == "<pad>") set(special_.padding);
    if (piece == "</s>") special_.separators_between = 2;
  }

  SpecialTokens& special() { return special_; }

 private:
  SpecialTokens special_;
};

absl::StatusOr<std::unique_ptr<Tokenizer>> ReadWordPiece(const json& root, Casing casing) {
  const json& model = Member(root, "model");
  const json& vocabulary = Member(model, "vocab");
  if (!vocabulary.is_object()) return absl::DataLossError("WordPiece model without vocab");
  const json& cutting = Member(root, "pre_tokenizer");
  if (TextOf(cutting, "type") != "BertPreTokenizer") return Unknown("pre_tokenizer", cutting);
  SpecialReader special;
  RETURN_IF_ERROR(special.ReadAdded(root));
  std::vector<Piece> pieces;
  for (const auto& [piece, value] : vocabulary.items()) {
    ASSIGN_OR_RETURN(const int32_t id, IdOf(value, piece));
    special.Take(piece, id);
    if (piece == TextOf(model, "unk_token")) special.special().unknown = id;
    pieces.push_back({.text = piece, .id = id});
  }
  WordPieceOptions options;
  if (const std::string prefix = TextOf(model, "continuing_subword_prefix"); !prefix.empty())
    options.continuation = prefix;
  if (const json& most = Member(model, "max_input_chars_per_word"); most.is_number_unsigned())
    options.most_word_characters = most.get<size_t>();
  ASSIGN_OR_RETURN(std::vector<TextStep> steps, ReadSteps(root, casing));
  return WordPiece::Create(pieces, options, special.special(), std::move(steps));
}

absl::Status ReadCutting(const json& cutting, UnigramOptions& options) {
  const std::string type = TextOf(cutting, "type");
  if (type == "Sequence") {
    const json& parts = Member(cutting, "pretokenizers");
    if (!parts.is_array()) return absl::DataLossError("pre_tokenizer Sequence without a list");
    for (const json& part : parts) {
      if (TextOf(part, "type") == "Sequence") return Unknown("pre_tokenizer inside Sequence", part);
      RETURN_IF_ERROR(ReadCutting(part, options));
    }
    return absl::OkStatus();
  }
  if (type == "WhitespaceSplit") {
    options.split_at_white_space = true;
    return absl::OkStatus();
  }
  if (type != "Metaspace") return Unknown("pre_tokenizer", cutting);
  if (const std::string mark = TextOf(cutting, "replacement"); !mark.empty())
    options.word_mark = mark;
  const std::string scheme = TextOf(cutting, "prepend_scheme");
  if (scheme == "first") {
    return absl::FailedPreconditionError("prepend_scheme first is not known here");
  }
  const bool prepends =
      scheme.empty() ? FlagOf(cutting, "add_prefix_space", true) : scheme == "always";
  options.prepend = prepends ? PrependMark::kAlways : PrependMark::kNever;
  options.split_at_marks = FlagOf(cutting, "split", true);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Tokenizer>> ReadUnigram(const json& root, Casing casing) {
  const json& model = Member(root, "model");
  const json& vocabulary = Member(model, "vocab");
  if (!vocabulary.is_array()) return absl::DataLossError("Unigram model without vocab");
  if (FlagOf(model, "byte_fallback", false)) {
    return absl::FailedPreconditionError("Unigram model with byte_fallback is not known here");
  }
  SpecialReader special;
  RETURN_IF_ERROR(special.ReadAdded(root));
  std::vector<ScoredPiece> pieces;
  for (const json& entry : vocabulary) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number()) {
      return absl::DataLossError(Cat("piece ", pieces.size(), " is not a text with a score"));
    }
    special.Take(entry[0].get_ref<const std::string&>(), static_cast<int32_t>(pieces.size()));
    pieces.push_back({.text = entry[0].get<std::string>(), .score = entry[1].get<double>()});
  }
  if (const json& unknown = Member(model, "unk_id"); !unknown.is_null()) {
    ASSIGN_OR_RETURN(special.special().unknown, IdOf(unknown, "unk_id"));
  }
  UnigramOptions options;
  RETURN_IF_ERROR(ReadCutting(Member(root, "pre_tokenizer"), options));
  ASSIGN_OR_RETURN(std::vector<TextStep> steps, ReadSteps(root, casing));
  return Unigram::Create(std::move(pieces), options, special.special(), std::move(steps));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Tokenizer>> ParseTokenizerJson(std::string_view text,
                                                              Casing casing) {
  const json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return absl::DataLossError("not a JSON object");
  const json& model = Member(root, "model");
  std::string type = TextOf(model, "type");
  // Older files do not name the type.
  if (type.empty() && Member(model, "continuing_subword_prefix").is_string()) type = "WordPiece";
  if (type == "WordPiece") return ReadWordPiece(root, casing);
  if (type == "Unigram") return ReadUnigram(root, casing);
  return Unknown("tokenizer model", model);
}

}  // namespace policykb
