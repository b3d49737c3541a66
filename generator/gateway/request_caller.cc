#include "generator/gateway/request_caller.h"

#include <string_view>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/keyed_hash.h"
#include "core/rpc/listen_address.h"
#include "generator/gateway/http_target.h"

namespace policykb {

namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kCsrfHeader = "X-CSRF-Token";

}  // namespace

absl::StatusOr<ShownCredentials> CredentialsOf(const WebRequest& request, const Access& access,
                                               const Sessions& sessions, absl::Time now) {
  ShownCredentials shown;
  shown.credentials.certificate_names = request.certificate_names;
  // Where callers are not told apart, nothing that they show is looked at.
  if (!access.knows_callers()) return shown;
  if (const size_t count = request.CountHeaders("Authorization"); count > 0) {
    const std::string_view value = request.Header("Authorization");
    if (count > 1 || value.size() <= kScheme.size() ||
        !SameName(value.substr(0, kScheme.size()), kScheme)) {
      return absl::UnauthenticatedError(
          "caller: header Authorization, expected one of \"Bearer KEY\"");
    }
    shown.credentials.api_key = StripAsciiSpace(value.substr(kScheme.size()));
    return shown;
  }
  std::string_view cookie;
  for (const HttpHeader& header : request.headers) {
    if (!SameName(header.name, "Cookie")) continue;
    const std::string_view value = CookieValue(header.value, kSessionCookie);
    if (!value.empty()) cookie = value;
  }
  if (cookie.empty()) return shown;
  ASSIGN_OR_RETURN(shown.credentials.session_key_id, sessions.Check(access, cookie, now));
  shown.session = cookie;
  return shown;
}

absl::Status CheckCsrf(const WebRequest& request, const ShownCredentials& shown,
                       const Sessions& sessions) {
  if (shown.session.empty() || request.method == "GET" || request.method == "HEAD")
    return absl::OkStatus();
  if (SameSecret(request.Header(kCsrfHeader), sessions.CsrfToken(shown.session)))
    return absl::OkStatus();
  return absl::PermissionDeniedError(
      Cat("header ", kCsrfHeader, ": is not the token of this session"));
}

absl::Status CheckOrigin(const WebRequest& request) {
  if (request.CountHeaders("Origin") == 0) return absl::OkStatus();
  const std::string_view origin = request.Header("Origin");
  const std::string_view host = request.Header("Host");
  // Behind a proxy that ends TLS the scheme is another than ours.
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && SameName(origin.substr(scheme.size()), host) &&
        (scheme == "https://" || !request.secure)) {
      return absl::OkStatus();
    }
  }
  return absl::PermissionDeniedError(
      Cat("header Origin: ", OneLine(origin), " is another site than ", OneLine(host)));
}

absl::Status CheckLoopbackHost(const WebRequest& request) {
  const std::string_view host = request.Header("Host");
  // A client of HTTP/1.0 may name none.
  if (host.empty()) return absl::OkStatus();
  const bool has_port = host.back() != ']' && host.rfind(':') != std::string_view::npos;
  if (ParseLoopbackAddress(has_port ? std::string(host) : Cat(host, ":80")).ok())
    return absl::OkStatus();
  return absl::PermissionDeniedError(
      Cat("header Host: ", OneLine(host), ", expected a loopback address"));
}

}  // namespace policykb
