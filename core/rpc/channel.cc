#include "core/rpc/channel.h"

#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>
#include <netinet/in.h>

#include <vector>

#include "core/base/secret.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/listen_address.h"
#include "core/rpc/lock_checks.h"

namespace policykb {

namespace {

// Of gRPC's service config. UNAVAILABLE before any answer is the only failure that is worth another
// try: the server did not begin, or is going down. Only calls that change nothing are tried again:
// feedback whose answer is lost may have been kept, and a second RollBack would go back further.
constexpr std::string_view kRetries = R"("methodConfig": [{
    "name": [
      {"service": "policykb.v1.RetrieverService"},
      {"service": "policykb.v1.GeneratorService", "method": "GenerateAnswer"},
      {"service": "policykb.v1.GeneratorService", "method": "StreamGenerateAnswer"}
    ],
    "retryPolicy": {
      "maxAttempts": 3,
      "initialBackoff": "0.05s",
      "maxBackoff": "0.5s",
      "backoffMultiplier": 3,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }, {
    "name": [{"service": "policykb.v1.RetrieverService", "method": "RollBack"}]
  }])";
constexpr std::string_view kTurns =
    R"("loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""})";

// What gRPC calls a list of addresses begins so.
constexpr std::string_view kSeveral = "ipv4:";

bool IsLoopback(std::string_view address) { return ParseLoopbackAddress(address).ok(); }

bool IsIpv4(std::string_view address) {
  const std::string host(address.substr(0, address.rfind(':')));
  in_addr ignored;
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1;
}

// What gRPC calls the target. Errors: InvalidArgument, FailedPrecondition.
absl::StatusOr<std::string> TargetFor(const ChannelOptions& options) {
  const std::vector<std::string_view> addresses = Split(options.address, ',');
  for (const std::string_view address : addresses) {
    const absl::StatusOr<ListenAddress> parsed = ParseListenAddress(address);
    RETURN_IF_ERROR(parsed.status());
    if (parsed->port == 0)
      return absl::InvalidArgumentError(Cat("address \"", address, "\": expected a port above 0"));
    if (options.tls.ca_file.empty() && !options.allow_plain && !IsLoopback(address)) {
      return absl::FailedPreconditionError(
          Cat("address \"", address,
              "\": is another machine, which is reached with TLS; give the certificate to trust"));
    }
    if (addresses.size() > 1 && !IsIpv4(address)) {
      return absl::InvalidArgumentError(
          Cat("address \"", address, "\": one of several, expected an IPv4 address and port"));
    }
  }
  if (addresses.size() > 1) return Cat(kSeveral, options.address);
  ASSIGN_OR_RETURN(const ListenAddress only, ParseListenAddress(options.address));
  return only.ToString();
}

}  // namespace

absl::StatusOr<RpcChannel> RpcChannel::Open(const ChannelOptions& options) {
  ASSIGN_OR_RETURN(const std::string target, TargetFor(options));
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ChannelCredentials> credentials,
                   ChannelCredentialsFor(options.tls));
  EndLockChecks();
  const bool several = target.starts_with(kSeveral);
  RpcChannel channel;
  channel.address_ = several ? options.address : target;
  ASSIGN_OR_RETURN(channel.api_key_, ReadApiKey(options.api_key_file));
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_response_bytes);
  arguments.SetServiceConfigJSON(several ? Cat("{", kTurns, ", ", kRetries, "}")
                                         : Cat("{", kRetries, "}"));
  // A proxy of the environment must not stand between our own programs.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A server that comes back is found again soon; gRPC's default grows to two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // How long one attempt may take, whatever the name says; 20 s would be the default. A server that
  // is busy answers late, and is not to be taken for one that is away.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  channel.channel_ = grpc::CreateCustomChannel(target, credentials, arguments);
  return channel;
}

void RpcChannel::Prepare(grpc::ClientContext& context) const {
  context.set_wait_for_ready(false);
  ShowKey(api_key_, context);
}

absl::StatusOr<std::string> ReadApiKey(const std::string& path) {
  ASSIGN_OR_RETURN(std::string key, ReadSecret(path, "POLICYKB_API_KEY"));
  if (!key.empty() && ApiKeyId(key).empty()) {
    return absl::InvalidArgumentError(
        Cat(path.empty() ? "POLICYKB_API_KEY" : path, ": no key, expected pkb_ID_SECRET"));
  }
  if (!path.empty() && key.empty())
    return absl::InvalidArgumentError(Cat(path, ": empty, expected a key pkb_ID_SECRET"));
  return key;
}

}  // namespace policykb
