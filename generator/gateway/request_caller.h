// Who sends a request: the key, certificate or session that it shows, and whether a page of another
// site may have sent it.
//
// Not for whether who it is may do what it asks (core/rpc/access.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_REQUEST_CALLER_H_
#define POLICYKB_GENERATOR_GATEWAY_REQUEST_CALLER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "generator/gateway/http_message.h"
#include "generator/gateway/sessions.h"

namespace policykb {

struct ShownCredentials {
  CallCredentials credentials;
  std::string session;  // the cookie by which it is known; empty without one
};

// A key counts before a cookie. Errors: Unauthenticated (Authorization of another form or more than
// once; a cookie that Sessions::Check refuses).
absl::StatusOr<ShownCredentials> CredentialsOf(const WebRequest& request, const Access& access,
                                               const Sessions& sessions, absl::Time now);

// That a request which changes something and is known by its cookie has the token that only our own
// pages can know. Errors: PermissionDenied.
absl::Status CheckCsrf(const WebRequest& request, const ShownCredentials& shown,
                       const Sessions& sessions);

// That no page of another site sent it: Origin, where there is one, names the host that is asked.
// Errors: PermissionDenied.
absl::Status CheckOrigin(const WebRequest& request);

// That it was sent to this machine by an address, not by a name that may have come to mean it (DNS
// rebinding): for a server on loopback that everybody may call. Errors: PermissionDenied.
absl::Status CheckLoopbackHost(const WebRequest& request);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_REQUEST_CALLER_H_
