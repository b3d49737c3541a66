// absl::Status <-> grpc::Status.
//
// The two have the same codes; message and code are carried over, and payloads as the details of a
// google.rpc.Status, whose type is the payload's. Any thread.

#ifndef POLICYKB_CORE_RPC_STATUS_CONVERSION_H_
#define POLICYKB_CORE_RPC_STATUS_CONVERSION_H_

#include <grpcpp/support/status.h>

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace policykb {

grpc::Status ToGrpcStatus(const absl::Status& status);
// Details that are no google.rpc.Status are dropped.
absl::Status FromGrpcStatus(const grpc::Status& status);

// RESOURCE_EXHAUSTED that tells the caller when to try again (google.rpc.RetryInfo) and why it was
// refused (google.rpc.ErrorInfo). `retry_after` is taken to be at least a millisecond.
absl::Status OverloadedError(std::string_view message, std::string_view reason,
                             absl::Duration retry_after);

// What a status says of trying again; nullopt where it says nothing.
std::optional<absl::Duration> RetryAfter(const absl::Status& status);
// The reason of its ErrorInfo; empty where it has none.
std::string ErrorReason(const absl::Status& status);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_STATUS_CONVERSION_H_
