// Calls of gRPC methods by name with bytes in and out.
//
// For tests of services whose messages are not compiled here: health and reflection. Any thread.

#ifndef POLICYKB_TESTS_RPC_RAW_CALL_H_
#define POLICYKB_TESTS_RPC_RAW_CALL_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace policykb {

// A connection of its own to `address`.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

// The response's bytes of one unary call, or of a streaming call with one message each way.
absl::StatusOr<std::string> RawCall(const std::shared_ptr<grpc::Channel>& channel,
                                    const std::string& method, const std::string& request);

// What grpc.health.v1 says about a service; the numbers are those of
// HealthCheckResponse.ServingStatus.
enum class Health { kUnknown = 0, kServing = 1, kNotServing = 2 };
absl::StatusOr<Health> CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                                   const std::string& service);

}  // namespace policykb

#endif  // POLICYKB_TESTS_RPC_RAW_CALL_H_
