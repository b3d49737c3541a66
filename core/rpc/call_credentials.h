// CallCredentials over gRPC: what metadata and connection of a call show of its caller.
//
// The key travels as `authorization: Bearer KEY`; the caller on whose behalf a service calls in
// `policykb-caller-bin`, its name and labels parted by zero bytes. Not for whether any of it is
// true (access.h). Any thread.

#ifndef POLICYKB_CORE_RPC_CALL_CREDENTIALS_H_
#define POLICYKB_CORE_RPC_CALL_CREDENTIALS_H_

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/rpc/access.h"

namespace policykb {

// Errors: Unauthenticated (authorization of another form, or more than once; more than one caller
// named).
absl::StatusOr<CallCredentials> CredentialsOf(const grpc::CallbackServerContext& context);

// Lets a call in that is still wanted: not cancelled, before its deadline, and of a caller who may.
// Errors: Cancelled, DeadlineExceeded, as CredentialsOf and Access::Admit.
absl::StatusOr<Admission> AdmitCall(const Access& access, std::string_view method,
                                    const grpc::CallbackServerContext& context, absl::Time now);

// Adds the key to a call; an empty one adds nothing. REQUIRES: ASCII without control characters.
void ShowKey(std::string_view api_key, grpc::ClientContext& context);
// Says on whose behalf a call is made.
void ForwardCaller(const ForwardedCaller& caller, grpc::ClientContext& context);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_CALL_CREDENTIALS_H_
