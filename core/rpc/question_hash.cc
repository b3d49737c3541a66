#include "core/rpc/question_hash.h"

#include <utility>

#include "core/base/random_id.h"
#include "core/base/secret.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/keyed_hash.h"
#include "core/text/normalize.h"
#include "core/text/unicode_properties.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kFewestKeyBytes = 32;
constexpr size_t kMostKeyBytes = 4096;
constexpr size_t kDigestBytes = 32;
constexpr size_t kIdDigits = 8;
// Is no question: letters and digits are all that is left of one.
constexpr std::string_view kNameOfKey = "policykb: id of this key";

std::string LettersAndDigits(std::string_view question) {
  const std::string folded = NormalizeForMatch(question);
  std::string kept;
  for (size_t at = 0; at < folded.size();) {
    const DecodedChar c = DecodeChar(folded, at);
    at += c.size;
    if (!IsWhiteSpace(c.code) && !IsPunctuation(c.code) && !IsOtherCategory(c.code))
      AppendUtf8(kept, c.code);
  }
  return kept;
}

}  // namespace

std::string QuestionHasher::MakeKey() { return RandomHex(kDigestBytes); }

QuestionHasher::QuestionHasher(std::string key)
    : key_(std::move(key)), key_id_(HmacSha256(key_, kNameOfKey).substr(0, kIdDigits)) {}

absl::StatusOr<QuestionHasher> QuestionHasher::Create(std::string key) {
  if (key.size() < kFewestKeyBytes || key.size() > kMostKeyBytes) {
    return absl::InvalidArgumentError(Cat("key: ", key.size(), " bytes, expected ", kFewestKeyBytes,
                                          "..", kMostKeyBytes, "; policykb audit new-key"));
  }
  return QuestionHasher(std::move(key));
}

absl::StatusOr<QuestionHasher> QuestionHasher::Open(const std::string& file) {
  RETURN_IF_ERROR(CheckNotForAll(file));
  ASSIGN_OR_RETURN(std::string key, ReadSecret(file, ""));
  ASSIGN_OR_RETURN_IN(QuestionHasher hasher, Create(std::move(key)), file);
  return hasher;
}

std::string QuestionHasher::Hash(std::string_view question) const {
  return HmacSha256(key_, LettersAndDigits(question));
}

}  // namespace policykb
