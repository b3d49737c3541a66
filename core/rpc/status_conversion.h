// absl::Status <-> grpc::Status.
//
// The two have the same codes; message and code are carried over, payloads are not. Any thread.

#ifndef POLICYKB_CORE_RPC_STATUS_CONVERSION_H_
#define POLICYKB_CORE_RPC_STATUS_CONVERSION_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace policykb {

grpc::Status ToGrpcStatus(const absl::Status& status);
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_STATUS_CONVERSION_H_
