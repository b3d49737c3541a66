// RetrieverServiceImpl: RetrieverService over gRPC's callback API.
//
// Only translates: message -> call -> message. Calls compute inline, as a search is far shorter
// than a hand-over, but for searches that wait for an embedding server: those go to the threads
// that are given for it. Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
#define POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/executor.h"
#include "core/rpc/access.h"
#include "core/rpc/call_record.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"

namespace policykb {

// Told of each finished call. Must not block.
using CallLog = std::function<void(const CallRecord& record)>;

class RetrieverServiceImpl final : public v1::RetrieverService::CallbackService {
 public:
  // Searches that wait, or stand in line to, at once; one more is RESOURCE_EXHAUSTED.
  static constexpr int kMostWaiting = 256;

  // `access` decides who may call and what they see. `waiting` runs searches that wait for the
  // network. Both must outlive this object; what is posted must be over before this object goes.
  RetrieverServiceImpl(RetrieverCalls calls, const Access* access, CallLog log, Executor* waiting)
      : calls_(std::move(calls)), access_(access), log_(std::move(log)), waiting_(waiting) {}

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
  // A call that is let in, or why it is not.
  struct Begun {
    CallRecord record;
    absl::Time at;
    absl::StatusOr<std::shared_ptr<const Admission>> admission;
  };

  Begun Begin(std::string_view method, const grpc::CallbackServerContext& context) const;
  // `call` is given the labels that the caller holds.
  template <typename Response, typename Call>
  grpc::ServerUnaryReactor* Answer(const Begun& begun, grpc::ServerUnaryReactor* reactor,
                                   Response* response, const Call& call) const;

  RetrieverCalls calls_;
  const Access* access_;
  CallLog log_;
  Executor* waiting_;
  std::atomic<int> searches_waiting_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
