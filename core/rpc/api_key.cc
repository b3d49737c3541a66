#include "core/rpc/api_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/random_id.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kPrefix = "pkb_";
constexpr size_t kIdDigits = 16;
constexpr size_t kSecretDigits = 64;
constexpr size_t kSaltDigits = 32;
constexpr size_t kDigestBytes = 32;
constexpr std::string_view kScheme = "sha256";

bool IsHex(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Hexadecimal; empty when it cannot be computed, for want of memory.
std::string Digest(std::string_view salt, std::string_view key) {
  const std::string bytes = Cat(salt, key);
  std::array<unsigned char, kDigestBytes> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    return {};
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

}  // namespace

std::string MakeApiKey() {
  return Cat(kPrefix, RandomHex(kIdDigits / 2), "_", RandomHex(kSecretDigits / 2));
}

std::string_view ApiKeyId(std::string_view key) {
  if (!key.starts_with(kPrefix)) return {};
  const std::vector<std::string_view> parts = Split(key.substr(kPrefix.size()), '_');
  if (parts.size() != 2 || !IsHex(parts[0], kIdDigits) || !IsHex(parts[1], kSecretDigits))
    return {};
  return parts[0];
}

absl::StatusOr<ApiKeyHash> ApiKeyHash::Of(std::string_view key) {
  const std::string_view id = ApiKeyId(key);
  if (id.empty()) {
    return absl::InvalidArgumentError(
        "key: not of the form pkb_ID_SECRET with 16 and 64 hexadecimal digits");
  }
  ApiKeyHash hash;
  hash.id_ = id;
  hash.salt_ = RandomHex(kSaltDigits / 2);
  hash.digest_ = Digest(hash.salt_, key);
  if (hash.digest_.empty()) return absl::InternalError("key: its digest cannot be computed");
  return hash;
}

absl::StatusOr<ApiKeyHash> ApiKeyHash::Parse(std::string_view text) {
  const std::vector<std::string_view> parts = Split(text, ':');
  if (parts.size() != 4 || parts[0] != kScheme || !IsHex(parts[1], kIdDigits) ||
      !IsHex(parts[2], kSaltDigits) || !IsHex(parts[3], 2 * kDigestBytes)) {
    return absl::InvalidArgumentError(
        "not the hash of a key, expected sha256:ID:SALT:DIGEST as policykb access new-key prints");
  }
  ApiKeyHash hash;
  hash.id_ = parts[1];
  hash.salt_ = parts[2];
  hash.digest_ = parts[3];
  return hash;
}

std::string ApiKeyHash::ToString() const {
  return Cat(kScheme, ":", id_, ":", salt_, ":", digest_);
}

bool ApiKeyHash::Matches(std::string_view key) const {
  const std::string digest = Digest(salt_, key);
  return digest.size() == digest_.size() &&
         CRYPTO_memcmp(digest.data(), digest_.data(), digest.size()) == 0;
}

}  // namespace policykb
