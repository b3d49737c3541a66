// How gRPC lays messages and statuses into HTTP/2 ("gRPC over HTTP2", the protocol's description).
//
// Pure functions, any thread.

#ifndef POLICYKB_TOOLS_GRPC_FRAMING_H_
#define POLICYKB_TOOLS_GRPC_FRAMING_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

// Before each message: a zero for what is not compressed, and its length in four bytes, the highest
// first.
inline constexpr size_t kGrpcPrefixBytes = 5;

std::string GrpcFramed(std::string_view message);
// The only message in `framed`, a part of it. Errors: Internal (none, more than one, a compressed
// one, or one cut short).
absl::StatusOr<std::string_view> GrpcUnframed(std::string_view framed);

// The value of grpc-timeout for what is left of a call's time, in milliseconds rounded up, eight
// digits at most, which is more than a day. REQUIRES: left > 0.
std::string GrpcTimeout(absl::Duration left);

// What the trailers grpc-status and grpc-message say: bytes of the message are written %XX where
// they are no printable ASCII; a percent sign without two digits stays. Errors: the status itself;
// Internal (`code` is no code of gRPC's).
absl::Status StatusOfTrailers(std::string_view code, std::string_view message);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GRPC_FRAMING_H_
