// ListenAddress: the host and port that a server is told to listen on, or that one is told to
// reach.
//
// Plain text is spoken on loopback only, unless someone says otherwise; this knows what loopback
// is. Pure functions, any thread.

#ifndef POLICYKB_CORE_RPC_LISTEN_ADDRESS_H_
#define POLICYKB_CORE_RPC_LISTEN_ADDRESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

struct ListenAddress {
  std::string host;   // IPv6 in square brackets; "localhost" has become 127.0.0.1
  uint16_t port = 0;  // 0 takes a free one

  // "host:port".
  std::string ToString() const;
};

// Parses any "host:port": a name, an IPv4 address, or an IPv6 address in square brackets;
// `localhost` as below. Errors: InvalidArgument (no host:port).
absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text);

// Parses "127.0.0.1:5000", "[::1]:5000" or "localhost:5000". `localhost` stands for 127.0.0.1
// whatever the machine's hosts file says, so that it can neither leave loopback nor be bound in
// part. Errors: InvalidArgument (no host:port), FailedPrecondition (outside 127.0.0.0/8 and ::1).
absl::StatusOr<ListenAddress> ParseLoopbackAddress(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_LISTEN_ADDRESS_H_
