#include "generator/grpc_passage_source.h"

#include <grpcpp/client_context.h>

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/trace_context.h"

namespace policykb {
namespace {

// Fifty passages of the longest kind stay well below this.
constexpr int kMaxResponseBytes = 16 << 20;

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcPassageSource>> GrpcPassageSource::Create(
    ChannelOptions options) {
  options.max_response_bytes = kMaxResponseBytes;
  ASSIGN_OR_RETURN_IN(RpcChannel channel, RpcChannel::Open(options), "retriever");
  return std::unique_ptr<GrpcPassageSource>(new GrpcPassageSource(std::move(channel)));
}

GrpcPassageSource::GrpcPassageSource(RpcChannel channel)
    : channel_(std::move(channel)), stub_(v1::RetrieverService::NewStub(channel_.channel())) {}

void GrpcPassageSource::Prepare(const SearchCall& call, grpc::ClientContext& context) const {
  channel_.Prepare(context);
  if (call.caller) ForwardCaller(*call.caller, context);
  ForwardTrace(call.trace, context);
  if (call.deadline != absl::InfiniteFuture())
    context.set_deadline(absl::ToChronoTime(call.deadline));
}

// One search over the wire.
struct GrpcPassageSource::Call {
  grpc::ClientContext context;
  v1::SearchRequest request;
  v1::SearchResponse response;
  FoundSink done;
};

absl::StatusOr<v1::SearchResponse> GrpcPassageSource::Search(const v1::SearchRequest& request,
                                                             const SearchCall& call) {
  grpc::ClientContext context;
  Prepare(call, context);
  v1::SearchResponse response;
  const grpc::Status status = stub_->Search(&context, request, &response);
  return Found(status, std::move(response));
}

void GrpcPassageSource::StartSearch(const v1::SearchRequest& request, const SearchCall& call,
                                    const FoundSink& done) {
  // Owned by the function that gRPC calls once, in the end.
  auto* running = new Call;
  Prepare(call, running->context);
  running->request = request;
  running->done = done;
  stub_->async()->Search(&running->context, &running->request, &running->response,
                         [this, running](const grpc::Status& status) {
                           std::unique_ptr<Call> owned(running);
                           const FoundSink told = std::move(owned->done);
                           absl::StatusOr<v1::SearchResponse> found =
                               Found(status, std::move(owned->response));
                           // Its context keeps the channel, which must not go on a thread of its
                           // own: whoever is told may end the program.
                           owned.reset();
                           told(std::move(found));
                         });
}

absl::StatusOr<v1::SearchResponse> GrpcPassageSource::Found(const grpc::Status& grpc_status,
                                                            v1::SearchResponse response) const {
  const absl::Status status = FromGrpcStatus(grpc_status);
  if (status.ok()) return response;
  if (status.code() == absl::StatusCode::kInvalidArgument) return status;
  return Annotate(status, Cat("retriever at ", channel_.address()));
}

}  // namespace policykb
