#include "retriever/retriever_service.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/admin_service.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

constexpr std::string_view kService = "policykb.v1.RetrieverService";

// Whose turn a call takes: that of whom it is made for.
std::string OwnerOf(const CallRecord& record) {
  return record.on_behalf_of.empty() ? record.caller : Cat(record.caller, "/", record.on_behalf_of);
}

}  // namespace

RetrieverServiceImpl::Begun RetrieverServiceImpl::Begin(
    std::string_view method, const grpc::CallbackServerContext& context) const {
  const absl::Time now = absl::Now();
  Begun begun{.record = {.method = method},
              .at = now,
              .deadline = std::min(absl::FromChrono(context.deadline()), now + kLongestCall),
              .admission = nullptr};
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

RetrieverServiceImpl::Begun RetrieverServiceImpl::BeginOfOperator(
    std::string_view method, const grpc::CallbackServerContext& context) const {
  Begun begun = Begin(method, context);
  if (begun.admission.ok() && !access_->knows_callers() && !IsOfThisMachine(context.peer())) {
    begun.admission = absl::PermissionDeniedError(
        Cat(method, ": without an access file for callers on the server's own machine only"));
  }
  return begun;
}

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::Answer(Begun begun,
                                                       grpc::ServerUnaryReactor* reactor,
                                                       Response* response, const Call& call) const {
  CallRecord& record = begun.record;
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
  if constexpr (std::is_same_v<Response, v1::SearchResponse>) {
    if (audit_ && begun.admission.ok())
      audit_(record, begun.question, record.status.ok() ? response : nullptr);
  }
  reactor->Finish(ToGrpcStatus(record.status));
  return reactor;
}

template <typename Response, typename Call>
grpc::ServerUnaryReactor* RetrieverServiceImpl::AnswerIn(WorkQueue& queue, Begun begun,
                                                         grpc::CallbackServerContext* context,
                                                         Response* response, Call call) const {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  if (!begun.admission.ok()) return Answer(std::move(begun), reactor, response, call);
  // Once the work is in the queue, context and reactor may be gone.
  absl::Status entered = queue.Enter({.owner = OwnerOf(begun.record),
                                      .deadline = begun.deadline,
                                      .cancelled = [context] { return context->IsCancelled(); },
                                      .run =
                                          [this, begun, reactor, response, call](
                                              const absl::Status& wanted, absl::Duration waited) {
                                            Begun turn = begun;
                                            turn.record.waited = waited;
                                            if (!wanted.ok()) turn.admission = wanted;
                                            Answer(std::move(turn), reactor, response, call);
                                          }});
  if (entered.ok()) return reactor;
  begun.admission = std::move(entered);
  return Answer(std::move(begun), reactor, response, call);
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::Search(grpc::CallbackServerContext* context,
                                                       const v1::SearchRequest* request,
                                                       v1::SearchResponse* response) {
  Begun begun = Begin("Search", *context);
  begun.question = request->query();
  WorkQueue& queue = calls_.search_waits() ? *queues_.waiting : *queues_.computing;
  SearchContext search{.deadline = begun.deadline,
                       .trace_parent = begun.record.trace.ToTraceParent(),
                       .given_up = [context] { return context->IsCancelled(); }};
  return AnswerIn(queue, std::move(begun), context, response,
                  [this, request, search = std::move(search)](const CallerLabels& labels) {
                    return calls_.Search(*request, labels, search);
                  });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetDocument(grpc::CallbackServerContext* context,
                                                            const v1::GetDocumentRequest* request,
                                                            v1::GetDocumentResponse* response) {
  return AnswerIn(
      *queues_.computing, Begin("GetDocument", *context), context, response,
      [this, request](const CallerLabels& labels) { return calls_.GetDocument(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  return AnswerIn(*queues_.computing, Begin("BatchGetPassages", *context), context, response,
                  [this, request](const CallerLabels& labels) {
                    return calls_.BatchGetPassages(*request, labels);
                  });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshot(grpc::CallbackServerContext* context,
                                                            const v1::GetSnapshotRequest* request,
                                                            v1::GetSnapshotResponse* response) {
  return Answer(Begin("GetSnapshot", *context), context->DefaultReactor(), response,
                [&](const CallerLabels& labels) { return calls_.GetSnapshot(*request, labels); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::ListDocuments(
    grpc::CallbackServerContext* context, const v1::ListDocumentsRequest* request,
    v1::ListDocumentsResponse* response) {
  return AnswerIn(*queues_.computing, Begin("ListDocuments", *context), context, response,
                  [this, request](const CallerLabels& labels) {
                    return calls_.ListDocuments(*request, labels);
                  });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::SuggestQuestions(
    grpc::CallbackServerContext* context, const v1::SuggestQuestionsRequest* request,
    v1::SuggestQuestionsResponse* response) {
  return AnswerIn(*queues_.computing, Begin("SuggestQuestions", *context), context, response,
                  [this, request](const CallerLabels& labels) {
                    return calls_.SuggestQuestions(*request, labels);
                  });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::ListSnapshots(
    grpc::CallbackServerContext* context, const v1::ListSnapshotsRequest* request,
    v1::ListSnapshotsResponse* response) {
  return AnswerIn(
      *queues_.computing, BeginOfOperator("ListSnapshots", *context), context, response,
      [this, request](const CallerLabels&) { return snapshots_.ListSnapshots(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::GetSnapshotReport(
    grpc::CallbackServerContext* context, const v1::GetSnapshotReportRequest* request,
    v1::GetSnapshotReportResponse* response) {
  return AnswerIn(
      *queues_.computing, BeginOfOperator("GetSnapshotReport", *context), context, response,
      [this, request](const CallerLabels&) { return snapshots_.GetSnapshotReport(*request); });
}

grpc::ServerUnaryReactor* RetrieverServiceImpl::RollBack(grpc::CallbackServerContext* context,
                                                         const v1::RollBackRequest* request,
                                                         v1::RollBackResponse* response) {
  return AnswerIn(*queues_.computing, BeginOfOperator("RollBack", *context), context, response,
                  [this, request](const CallerLabels&) { return snapshots_.RollBack(*request); });
}

}  // namespace policykb
