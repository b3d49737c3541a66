// RetrieverServiceImpl: RetrieverService over gRPC's callback API.
//
// Only translates: message -> call -> message. Calls compute inline, as a search is far shorter
// than a hand-over, but for searches that wait for an embedding server: those go to the threads
// that are given for it. Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
#define POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_

#include <atomic>
#include <functional>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/executor.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"

namespace policykb {

// Told of each finished call. Must not block.
using CallLog =
    std::function<void(std::string_view method, const absl::Status& status, absl::Duration took)>;

class RetrieverServiceImpl final : public v1::RetrieverService::CallbackService {
 public:
  // Searches that wait, or stand in line to, at once; one more is RESOURCE_EXHAUSTED.
  static constexpr int kMostWaiting = 256;

  // `waiting` runs searches that wait for the network and must outlive this object; what is posted
  // to it must be over before this object goes.
  RetrieverServiceImpl(RetrieverCalls calls, CallLog log, Executor* waiting)
      : calls_(std::move(calls)), log_(std::move(log)), waiting_(waiting) {}

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
                                   grpc::ServerUnaryReactor* reactor, Response* response,
                                   const Call& call);

  RetrieverCalls calls_;
  CallLog log_;
  Executor* waiting_;
  std::atomic<int> searches_waiting_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
