#include "retriever/retriever_service.h"

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

constexpr std::string_view kService = "policykb.v1.RetrieverService";

}  // namespace

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::Answer(std::string_view method,
                                                       grpc::CallbackServerContext* context,
                                                       Response* response, const Call& call) {
  const absl::Time begun = absl::Now();
  CallRecord record{.method = method};
  const absl::StatusOr<Admission> admission =
      AdmitCall(*access_, Cat(kService, "/", method), *context, begun);
  if (!admission.ok()) {
    record.status = admission.status();
  } else {
    record.caller = admission->caller().name;
    record.on_behalf_of = admission->caller().on_behalf_of;
    if (absl::StatusOr<Response> answer = call(admission->caller().labels); answer.ok()) {
      *response = *std::move(answer);
    } else {
      record.status = std::move(answer).status();
    }
  }
  record.took = absl::Now() - begun;
  if (log_) log_(record);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(record.status));
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::Search(grpc::CallbackServerContext* context,
                                                       const v1::SearchRequest* request,
                                                       v1::SearchResponse* response) {
  return Answer("Search", context, response,
                [&](const CallerLabels& labels) { return calls_.Search(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                            const v1::GetDocumentRequest* request,
                                                            v1::GetDocumentResponse* response) {
  return Answer("GetDocument", context, response,
                [&](const CallerLabels& labels) { return calls_.GetDocument(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  return Answer("BatchGetPassages", context, response, [&](const CallerLabels& labels) {
    return calls_.BatchGetPassages(*request, labels);
  });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshot(grpc::CallbackServerContext* context,
                                                            const v1::GetSnapshotRequest* request,
                                                            v1::GetSnapshotResponse* response) {
  return Answer("GetSnapshot", context, response,
                [&](const CallerLabels& labels) { return calls_.GetSnapshot(*request, labels); });
}

}  // namespace policykb
