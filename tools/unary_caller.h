// UnaryCaller: many calls of one gRPC method at once, over one connection and on the caller's own
// thread.
//
// For load. gRPC's own client takes as long for a call that is refused as its server does
// (docs/performance.md), and on one machine that is taken from the server that is measured; this
// one puts gRPC's few headers on nghttp2's HTTP/2. Messages are bytes: what they hold is not
// looked at. Not for programs that ask for somebody (core/rpc/channel.h): no retries, no streams of
// messages, no name service. One thread.

#ifndef POLICYKB_TOOLS_UNARY_CALLER_H_
#define POLICYKB_TOOLS_UNARY_CALLER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"

namespace policykb {

class UnaryCaller {
 public:
  // What became of a call; the message is empty without OK, and gone afterwards. It may Send.
  // Errors as the server's, and: DeadlineExceeded, Unavailable (no connection, or it ended),
  // Internal (no answer in gRPC's form, or one longer than max_response_bytes).
  using Done =
      std::function<void(uint64_t call, const absl::Status& status, std::string_view message)>;

  // Calls that are under way are not told.
  virtual ~UnaryCaller() = default;

  // Connects to the first of the addresses. `method` as in "/policykb.v1.RetrieverService/Search".
  // Errors: as RpcChannel::Open; Unavailable (nobody there).
  static absl::StatusOr<std::unique_ptr<UnaryCaller>> Open(const ChannelOptions& options,
                                                           std::string_view method, Done done);

  // Begins a call, which leaves with the next Run. A connection that is known to have ended is made
  // anew first, ten times a second at most.
  virtual void Send(uint64_t call, std::string_view message, absl::Time deadline) = 0;
  // Moves bytes and hands on what calls have become, until then, or until no call is under way;
  // both once where the time is past.
  virtual void Run(absl::Time until) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_TOOLS_UNARY_CALLER_H_
