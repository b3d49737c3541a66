// RetrieverServiceImpl: RetrieverService over gRPC's callback API.
//
// Only translates: message -> call -> message. What computes or reads records waits in a queue for
// one of a few workers, so that gRPC's threads are free to refuse what is too much; GetSnapshot
// takes less time than that and is answered inline. Searches that wait for an embedding server have
// a queue of their own, whose workers do not compute. Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
#define POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "core/rpc/call_record.h"
#include "core/rpc/work_queue.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"
#include "retriever/snapshot_calls.h"

namespace policykb {

// Told of each finished call. Must not block.
using CallLog = std::function<void(const CallRecord& record)>;
// Told of each finished search that was let in what was asked and shown; null after an error. Must
// not block.
using SearchAudit = std::function<void(const CallRecord& record, std::string_view question,
                                       const v1::SearchResponse* response)>;

struct RetrieverQueues {
  WorkQueue* computing;
  WorkQueue* waiting;  // for searches that wait for the network
};

class RetrieverServiceImpl final : public v1::RetrieverService::CallbackService {
 public:
  // How long a call may take whose caller sets no deadline, or a later one.
  static constexpr absl::Duration kLongestCall = absl::Seconds(30);

  // `access` decides who may call and what they see. It and the queues must outlive this object,
  // which must outlive its server.
  RetrieverServiceImpl(RetrieverCalls calls, SnapshotCalls snapshots, const Access* access,
                       CallLog log, RetrieverQueues queues, SearchAudit audit = {})
      : calls_(std::move(calls)),
        snapshots_(std::move(snapshots)),
        access_(access),
        log_(std::move(log)),
        queues_(queues),
        audit_(std::move(audit)) {}

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
  grpc::ServerUnaryReactor* ListDocuments(grpc::CallbackServerContext* context,
                                          const v1::ListDocumentsRequest* request,
                                          v1::ListDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* SuggestQuestions(grpc::CallbackServerContext* context,
                                             const v1::SuggestQuestionsRequest* request,
                                             v1::SuggestQuestionsResponse* response) override;
  grpc::ServerUnaryReactor* ListSnapshots(grpc::CallbackServerContext* context,
                                          const v1::ListSnapshotsRequest* request,
                                          v1::ListSnapshotsResponse* response) override;
  grpc::ServerUnaryReactor* GetSnapshotReport(grpc::CallbackServerContext* context,
                                              const v1::GetSnapshotReportRequest* request,
                                              v1::GetSnapshotReportResponse* response) override;
  grpc::ServerUnaryReactor* RollBack(grpc::CallbackServerContext* context,
                                     const v1::RollBackRequest* request,
                                     v1::RollBackResponse* response) override;

 private:
  // A call that is let in, or why it is not.
  struct Begun {
    CallRecord record;
    absl::Time at;
    absl::Time deadline;
    std::string_view question = {};  // of a search; in its request
    absl::StatusOr<std::shared_ptr<const Admission>> admission;
  };

  Begun Begin(std::string_view method, const grpc::CallbackServerContext& context) const;
  // The same for calls about all of the knowledge base: without an access file they are for callers
  // on this machine only.
  Begun BeginOfOperator(std::string_view method, const grpc::CallbackServerContext& context) const;
  // `call` is given the labels that the caller holds.
  template <typename Response, typename Call>
  grpc::ServerUnaryReactor* Answer(Begun begun, grpc::ServerUnaryReactor* reactor,
                                   Response* response, const Call& call) const;
  // The same by a worker, when it is the caller's turn.
  template <typename Response, typename Call>
  grpc::ServerUnaryReactor* AnswerIn(WorkQueue& queue, Begun begun,
                                     grpc::CallbackServerContext* context, Response* response,
                                     Call call) const;

  RetrieverCalls calls_;
  SnapshotCalls snapshots_;
  const Access* access_;
  CallLog log_;
  RetrieverQueues queues_;
  SearchAudit audit_;  // may be empty
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_SERVICE_H_
