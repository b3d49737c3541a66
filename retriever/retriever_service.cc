#include "retriever/retriever_service.h"

#include <chrono>

#include "absl/time/clock.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::Answer(std::string_view method,
                                                       grpc::CallbackServerContext* context,
                                                       Response* response, const Call& call) {
  const absl::Time begun = absl::Now();
  absl::Status status;
  if (context->IsCancelled()) {
    status = absl::CancelledError("cancelled before it began");
  } else if (context->deadline() <= std::chrono::system_clock::now()) {
    status = absl::DeadlineExceededError("deadline passed before it began");
  } else if (absl::StatusOr<Response> answer = call(); answer.ok()) {
    *response = *std::move(answer);
  } else {
    status = std::move(answer).status();
  }
  if (log_) log_(method, status, absl::Now() - begun);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::Search(grpc::CallbackServerContext* context,
                                                       const v1::SearchRequest* request,
                                                       v1::SearchResponse* response) {
  return Answer("Search", context, response, [&] { return calls_.Search(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                            const v1::GetDocumentRequest* request,
                                                            v1::GetDocumentResponse* response) {
  return Answer("GetDocument", context, response, [&] { return calls_.GetDocument(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  return Answer("BatchGetPassages", context, response,
                [&] { return calls_.BatchGetPassages(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshot(grpc::CallbackServerContext* context,
                                                            const v1::GetSnapshotRequest* request,
                                                            v1::GetSnapshotResponse* response) {
  return Answer("GetSnapshot", context, response, [&] { return calls_.GetSnapshot(*request); });
}

}  // namespace policykb
