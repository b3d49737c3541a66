// RetrieverServiceImpl: RetrieverService over gRPC's callback API.
//
// Only translates: message -> call -> message. Calls compute inline: a search is far shorter than a
// hand-over. Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
#define POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_

#include <functional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"

namespace policykb {

// Told of each finished call. Must not block.
using CallLog =
    std::function<void(std::string_view method, const absl::Status& status, absl::Duration took)>;

class RetrieverServiceImpl final : public v1::RetrieverService::CallbackService {
 public:
  RetrieverServiceImpl(RetrieverCalls calls, CallLog log)
      : calls_(std::move(calls)), log_(std::move(log)) {}

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;
  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const v1::GetDocumentRequest* request,
                                        v1::GetDocumentResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetPassages(grpc::CallbackServerContext* context,
                                             const v1::BatchGetPassagesRequest* request,
                                             v1::BatchGetPassagesResponse* response) override;
  grpc::ServerUnaryReactor* GetSnapshot(grpc::CallbackServerContext* context,
                                        const v1::GetSnapshotRequest* request,
                                        v1::GetSnapshotResponse* response) override;

 private:
  template <typename Response, typename Call>
  grpc::ServerUnaryReactor* Answer(std::string_view method, grpc::CallbackServerContext* context,
                                   Response* response, const Call& call);

  RetrieverCalls calls_;
  CallLog log_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
