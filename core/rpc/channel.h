// RpcChannel: a connection to one of our servers, with what the caller shows of itself.
//
// Plain text goes to loopback only unless it is allowed elsewhere: a key or an internal document
// must not cross a network in the clear by mistake. Several addresses, parted by commas, are used
// in turn, those whose health says NOT_SERVING left out. Calls that
// change nothing and find a server unavailable are tried up to three times within their deadline;
// none waits for a server that is away. Const once open, any thread.

#ifndef POLICYKB_CORE_RPC_CHANNEL_H_
#define POLICYKB_CORE_RPC_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/rpc/access.h"
#include "core/rpc/tls.h"

namespace policykb {

struct ChannelOptions {
  std::string address;  // host:port; several, all of IPv4 addresses, parted by commas
  ClientTls tls = {};
  std::string api_key_file = {};  // as ReadApiKey: what the calls show
  bool allow_plain = false;       // plain text to other machines as well
  int max_response_bytes = 4 << 20;
};

class RpcChannel {
 public:
  // Nothing is connected yet. Errors: InvalidArgument (no host:port; several that are not all
  // IPv4), FailedPrecondition (plain text to another machine), as ChannelCredentialsFor and
  // ReadApiKey.
  static absl::StatusOr<RpcChannel> Open(const ChannelOptions& options);

  const std::string& address() const { return address_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  // Has the call show the key. Call it once for each.
  void Prepare(grpc::ClientContext& context) const;

 private:
  RpcChannel() = default;

  std::string address_;
  std::string api_key_;
  std::shared_ptr<grpc::Channel> channel_;
};

// The key in a file, or, without a path, in the environment variable POLICYKB_API_KEY; empty where
// there is neither. Errors: InvalidArgument (not of a key's form; the message does not show it), as
// ReadSecret.
absl::StatusOr<std::string> ReadApiKey(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_CHANNEL_H_
