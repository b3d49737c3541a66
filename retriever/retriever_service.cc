#include "retriever/retriever_service.h"

#include <type_traits>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

constexpr std::string_view kService = "policykb.v1.RetrieverService";
// How long a search that waits for the network is taken to be for who waits for its place.
constexpr absl::Duration kWaitLength = absl::Milliseconds(50);

}  // namespace

RetrieverServiceImpl::Begun RetrieverServiceImpl::Begin(
    std::string_view method, const grpc::CallbackServerContext& context) const {
  const absl::Time now = absl::Now();
  Begun begun{.record = {.method = method}, .at = now, .admission = nullptr};
  begun.record.trace = TraceOf(context);
  absl::StatusOr<Admission> admitted =
      AdmitCall(*access_, Cat(kService, "/", method), context, now);
  if (!admitted.ok()) {
    begun.admission = admitted.status();
    return begun;
  }
  begun.record.caller = admitted->caller().name;
  begun.record.role = admitted->caller().roles.ToString();
  begun.record.on_behalf_of = admitted->caller().on_behalf_of;
  begun.admission = std::make_shared<const Admission>(*std::move(admitted));
  return begun;
}

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::Answer(const Begun& begun,
                                                       grpc::ServerUnaryReactor* reactor,
                                                       Response* response, const Call& call) const {
  CallRecord record = begun.record;
  if (!begun.admission.ok()) {
    record.status = begun.admission.status();
  } else if (absl::StatusOr<Response> answer = call((*begun.admission)->caller().labels);
             answer.ok()) {
    record.snapshot = answer->snapshot();
    if constexpr (std::is_same_v<Response, v1::SearchResponse>) record.hits = answer->hits_size();
    *response = *std::move(answer);
  } else {
    record.status = std::move(answer).status();
  }
  record.took = absl::Now() - begun.at;
  if (log_) log_(record);
  reactor->Finish(ToGrpcStatus(record.status));
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::Search(grpc::CallbackServerContext* context,
                                                       const v1::SearchRequest* request,
                                                       v1::SearchResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const auto search = [this, context, reactor, request, response](const Begun& begun) {
    return Answer(begun, reactor, response,
                  [&](const CallerLabels& labels) -> absl::StatusOr<v1::SearchResponse> {
                    if (context->IsCancelled())
                      return absl::CancelledError("cancelled while it waited");
                    return calls_.Search(*request, labels, absl::FromChrono(context->deadline()));
                  });
  };
  Begun begun = Begin("Search", *context);
  if (!begun.admission.ok() || !calls_.search_waits()) return search(begun);
  if (++searches_waiting_ > kMostWaiting) {
    --searches_waiting_;
    begun.admission = OverloadedError(Cat(kMostWaiting, " searches wait for the embedding server"),
                                      "TOO_MANY_WAITING", kWaitLength);
    return search(begun);
  }
  waiting_->Post([this, search, begun = std::move(begun)] {
    search(begun);
    --searches_waiting_;
  });
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                            const v1::GetDocumentRequest* request,
                                                            v1::GetDocumentResponse* response) {
  return Answer(Begin("GetDocument", *context), context->DefaultReactor(), response,
                [&](const CallerLabels& labels) { return calls_.GetDocument(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  return Answer(
      Begin("BatchGetPassages", *context), context->DefaultReactor(), response,
      [&](const CallerLabels& labels) { return calls_.BatchGetPassages(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshot(grpc::CallbackServerContext* context,
                                                            const v1::GetSnapshotRequest* request,
                                                            v1::GetSnapshotResponse* response) {
  return Answer(Begin("GetSnapshot", *context), context->DefaultReactor(), response,
                [&](const CallerLabels& labels) { return calls_.GetSnapshot(*request, labels); });
}

}  // namespace policykb
