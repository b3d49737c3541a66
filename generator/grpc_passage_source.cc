#include "generator/grpc_passage_source.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"
#include "core/rpc/status_conversion.h"

namespace policykb {
namespace {

// Fifty passages of the longest kind stay well below this.
constexpr int kMaxResponseBytes = 16 << 20;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxResponseBytes);
  // A proxy of the environment must not stand between two programs of one machine.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A retriever that comes back is found again soon; gRPC's default grows to two minutes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void Prepare(absl::Time deadline, grpc::ClientContext& context) {
  context.set_wait_for_ready(false);
  if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcPassageSource>> GrpcPassageSource::Create(
    std::string_view address) {
  // What may be listened on in plain text is what may be connected to.
  const absl::StatusOr<ListenAddress> parsed = ParseLoopbackAddress(address);
  if (!parsed.ok() || parsed->port == 0) {
    const absl::StatusCode code =
        parsed.ok() ? absl::StatusCode::kInvalidArgument : parsed.status().code();
    return absl::Status(code, Cat("retriever: \"", address,
                                  "\", expected host:port of 127.0.0.0/8, [::1] or localhost"));
  }
  return std::unique_ptr<GrpcPassageSource>(new GrpcPassageSource(parsed->ToString()));
}

GrpcPassageSource::GrpcPassageSource(std::string address)
    : address_(std::move(address)), stub_(v1::RetrieverService::NewStub(MakeChannel(address_))) {}

// One search over the wire.
struct GrpcPassageSource::Call {
  grpc::ClientContext context;
  v1::SearchRequest request;
  v1::SearchResponse response;
  FoundSink done;
};

absl::StatusOr<v1::SearchResponse> GrpcPassageSource::Search(const v1::SearchRequest& request,
                                                             absl::Time deadline) {
  grpc::ClientContext context;
  Prepare(deadline, context);
  v1::SearchResponse response;
  const grpc::Status status = stub_->Search(&context, request, &response);
  return Found(status, std::move(response));
}

void GrpcPassageSource::StartSearch(const v1::SearchRequest& request, absl::Time deadline,
                                    const FoundSink& done) {
  // Owned by the function that gRPC calls once, in the end.
  auto* call = new Call;
  Prepare(deadline, call->context);
  call->request = request;
  call->done = done;
  stub_->async()->Search(&call->context, &call->request, &call->response,
                         [this, call](const grpc::Status& status) {
                           const std::unique_ptr<Call> owned(call);
                           owned->done(Found(status, std::move(owned->response)));
                         });
}

absl::StatusOr<v1::SearchResponse> GrpcPassageSource::Found(const grpc::Status& grpc_status,
                                                            v1::SearchResponse response) const {
  const absl::Status status = FromGrpcStatus(grpc_status);
  if (status.ok()) return response;
  if (status.code() == absl::StatusCode::kInvalidArgument) return status;
  return Annotate(status, Cat("retriever at ", address_));
}

}  // namespace policykb
