// Sessions: a browser's proof that it has shown a key.
//
// A cookie holds the id of the key, when the session ends, a random number, and an HMAC over these
// and over what the access file says of the key: nothing is kept here, a key that leaves the file
// or changes its principal ends its sessions, and another gateway with the same key of its own
// knows them too. Not for what the caller may do (core/rpc/access.h). Const, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_SESSIONS_H_
#define POLICYKB_GENERATOR_GATEWAY_SESSIONS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"

namespace policykb {

inline constexpr std::string_view kSessionCookie = "policykb_session";

class Sessions {
 public:
  // How long a session lasts, whether it is used or not.
  static constexpr absl::Duration kLength = absl::Hours(12);

  // With a key that ends with the process.
  static Sessions WithRandomKey();
  // With the key in a file. Errors: InvalidArgument (fewer than 32 bytes), as ReadSecret and
  // CheckNotForAll.
  static absl::StatusOr<Sessions> Open(const std::string& key_file);

  // The value of a new session's cookie. Errors: Unauthenticated (not a key that `access` knows).
  absl::StatusOr<std::string> Begin(const Access& access, std::string_view api_key,
                                    absl::Time now) const;
  // The id of the key that began the session. Errors: Unauthenticated (forged, expired, of another
  // gateway's key, or of a key that the access file no longer has).
  absl::StatusOr<std::string> Check(const Access& access, std::string_view cookie,
                                    absl::Time now) const;
  // What a page must send with each request that changes something. REQUIRES: Check was OK.
  std::string CsrfToken(std::string_view cookie) const;

 private:
  explicit Sessions(std::string key) : key_(std::move(key)) {}
  std::string Sign(std::string_view body, std::string_view entry) const;

  std::string key_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_SESSIONS_H_
