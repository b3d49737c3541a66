#include "retriever/retriever_service.h"

#include <chrono>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::Answer(std::string_view method,
                                                       grpc::CallbackServerContext* context,
                                                       grpc::ServerUnaryReactor* reactor,
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
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::Search(grpc::CallbackServerContext* context,
                                                       const v1::SearchRequest* request,
                                                       v1::SearchResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const auto search = [this, context, reactor, request, response] {
    return Answer("Search", context, reactor, response,
                  [&] { return calls_.Search(*request, absl::FromChrono(context->deadline())); });
  };
  if (!calls_.search_waits()) return search();
  if (++searches_waiting_ > kMostWaiting) {
    --searches_waiting_;
    return Answer("Search", context, reactor, response, [] {
      return absl::StatusOr<v1::SearchResponse>(absl::ResourceExhaustedError(
          Cat(kMostWaiting, " searches wait for the embedding server")));
    });
  }
  waiting_->Post([this, search] {
    search();
    --searches_waiting_;
  });
  return reactor;
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                            const v1::GetDocumentRequest* request,
                                                            v1::GetDocumentResponse* response) {
  return Answer("GetDocument", context, context->DefaultReactor(), response,
                [&] { return calls_.GetDocument(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  return Answer("BatchGetPassages", context, context->DefaultReactor(), response,
                [&] { return calls_.BatchGetPassages(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshot(grpc::CallbackServerContext* context,
                                                            const v1::GetSnapshotRequest* request,
                                                            v1::GetSnapshotResponse* response) {
  return Answer("GetSnapshot", context, context->DefaultReactor(), response,
                [&] { return calls_.GetSnapshot(*request); });
}

}  // namespace policykb
