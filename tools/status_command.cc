#include "tools/status_command.h"

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "policykb/v1/admin_service.grpc.pb.h"
#include "tools/printing.h"

namespace policykb {
namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(5);

// What grpc.health.v1.Health says of the whole server. The service's message has one field of
// interest, so that no stub is generated for it: HealthCheckResponse.status, field 1, a varint.
std::string HealthOf(const RpcChannel& channel) {
  grpc::GenericStub stub(channel.channel());
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  if (!status.ok()) return status.error_message();
  grpc::Slice bytes;
  if (!response.DumpToSingleSlice(&bytes).ok() || bytes.size() != 2 || bytes.begin()[0] != 8)
    return "UNKNOWN";
  return bytes.begin()[1] == 1 ? "SERVING" : "NOT_SERVING";
}

ServerStatus Ask(const RpcChannel& channel) {
  ServerStatus server{
      .address = channel.address(), .health = HealthOf(channel), .status = v1::GetStatusResponse()};
  grpc::ClientContext context;
  channel.Prepare(context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  const absl::Status status = FromGrpcStatus(
      v1::AdminService::NewStub(channel.channel())->GetStatus(&context, {}, &*server.status));
  if (!status.ok()) server.status = status;
  return server;
}

}  // namespace

absl::StatusOr<bool> RunStatus(const StatusCommand& command, OutputForm form, absl::Time now) {
  if (command.servers.empty())
    return absl::InvalidArgumentError("status: expected --retriever or --generator, host:port");
  std::vector<ServerStatus> servers;
  for (const std::string& address : command.servers) {
    ChannelOptions options = command.channel;
    options.address = address;
    ASSIGN_OR_RETURN(const RpcChannel channel, RpcChannel::Open(options));
    servers.push_back(Ask(channel));
  }
  Print(form == OutputForm::kJson ? StatusJson(servers) : StatusForPeople(servers, now));
  return AllWell(servers);
}

}  // namespace policykb
