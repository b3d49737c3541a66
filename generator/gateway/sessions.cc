#include "generator/gateway/sessions.h"

#include <charconv>
#include <utility>
#include <vector>

#include "core/base/random_id.h"
#include "core/base/secret.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/keyed_hash.h"

namespace policykb {

namespace {

constexpr std::string_view kVersion = "1";
constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceBytes = 16;
// Version, key id, end, nonce, signature.
constexpr size_t kParts = 5;
constexpr size_t kMostCookieBytes = 256;

}  // namespace

Sessions Sessions::WithRandomKey() { return Sessions(RandomHex(kKeyBytes)); }

absl::StatusOr<Sessions> Sessions::Open(const std::string& key_file) {
  RETURN_IF_ERROR(CheckNotForAll(key_file));
  ASSIGN_OR_RETURN(std::string key, ReadSecret(key_file, ""));
  if (key.size() < kKeyBytes) {
    return absl::InvalidArgumentError(
        Cat(key_file, ": ", key.size(), " bytes, expected a key of at least ", kKeyBytes));
  }
  return Sessions(std::move(key));
}

std::string Sessions::Sign(std::string_view body, std::string_view entry) const {
  return HmacSha256(key_, Cat("session\n", body, "\n", entry));
}

absl::StatusOr<std::string> Sessions::Begin(const Access& access, std::string_view api_key,
                                            absl::Time now) const {
  // An empty key would be nothing shown, and that is no login.
  const std::string_view id = ApiKeyId(api_key);
  if (id.empty()) return absl::UnauthenticatedError("caller: its key is not known here");
  RETURN_IF_ERROR(access.Identify({.api_key = std::string(api_key)}).status());
  ASSIGN_OR_RETURN(const std::string entry, access.KeyEntry(id));
  const std::string body =
      Cat(kVersion, ".", id, ".", absl::ToUnixSeconds(now + kLength), ".", RandomHex(kNonceBytes));
  return Cat(body, ".", Sign(body, entry));
}

absl::StatusOr<std::string> Sessions::Check(const Access& access, std::string_view cookie,
                                            absl::Time now) const {
  const absl::Status refused =
      absl::UnauthenticatedError("session: has ended or is not one of this gateway");
  if (cookie.size() > kMostCookieBytes) return refused;
  const std::vector<std::string_view> parts = Split(cookie, '.');
  if (parts.size() != kParts || parts[0] != kVersion) return refused;
  const absl::StatusOr<std::string> entry = access.KeyEntry(parts[1]);
  if (!entry.ok()) return refused;
  const std::string_view body = cookie.substr(0, cookie.size() - parts[4].size() - 1);
  if (!SameSecret(parts[4], Sign(body, *entry))) return refused;
  int64_t end = 0;
  const auto [last, error] =
      std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), end);
  if (error != std::errc() || last != parts[2].data() + parts[2].size()) return refused;
  if (now >= absl::FromUnixSeconds(end)) return refused;
  return std::string(parts[1]);
}

std::string Sessions::CsrfToken(std::string_view cookie) const {
  return HmacSha256(key_, Cat("csrf\n", cookie));
}

}  // namespace policykb
