// AnswerService: policykb.v1.GeneratorService over an Answerer.
//
// Only translates: the steps of answers run on a worker pool, one answer too many at once is
// RESOURCE_EXHAUSTED, deadlines and cancellation of the caller are passed on. Not for the answers
// themselves. An answer keeps its place until its caller has read it or its time is over, so that
// callers who do not read hold as many answers as there may be and no more. Where feedback is kept,
// each answer is noted with an id (feedback_store.h). gRPC calls it from its own threads.

#ifndef POLICYKB_GENERATOR_ANSWER_SERVICE_H_
#define POLICYKB_GENERATOR_ANSWER_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/base/worker_pool.h"
#include "core/rpc/access.h"
#include "core/rpc/call_record.h"
#include "generator/answerer.h"
#include "generator/feedback/feedback_store.h"
#include "policykb/v1/generator_service.grpc.pb.h"

namespace policykb {

// What may be kept of an answer.
struct AnswerRecord : CallRecord {
  AnswerFigures figures = {};
  std::string as_of_date = {};
  v1::AnswerStatus answer_status = v1::ANSWER_STATUS_UNSPECIFIED;
  v1::AnswerMode mode = v1::ANSWER_MODE_UNSPECIFIED;
  bool model_failed = false;
  int sentences = 0;
  int citations = 0;
  absl::Status feedback_status = {};  // of noting the answer; its message may be logged
};

struct AnswerServiceOptions {
  int threads = 4;        // for what answers compute; waiting takes none
  int max_answers = 256;  // at the same time, wherever they are, not read included
  // How long after an answer's deadline its caller may still read it.
  absl::Duration reading_time = absl::Seconds(5);
  FeedbackStore* feedback = nullptr;  // null: none is kept; must outlive the service
  std::function<void(const AnswerRecord&)> on_answer =
      {};  // called from the pool's threads, at once; may be empty
  std::function<void(const CallRecord&)> on_feedback = {};  // likewise
  // Told of each answer that was let in what was asked and shown; null after an error. Likewise.
  std::function<void(const AnswerRecord&, std::string_view question, const v1::GroundedAnswer*)>
      on_audit = {};
};

class AnswerService final : public v1::GeneratorService::CallbackService {
 public:
  // `access` decides who may call; where it tells callers apart, searches are made on their behalf.
  // Both must outlive the service; the service must outlive its server.
  AnswerService(const Answerer* answerer, const Access* access, AnswerServiceOptions options);

  grpc::ServerUnaryReactor* GenerateAnswer(grpc::CallbackServerContext* context,
                                           const v1::GenerateAnswerRequest* request,
                                           v1::GenerateAnswerResponse* response) override;
  grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* StreamGenerateAnswer(
      grpc::CallbackServerContext* context,
      const v1::StreamGenerateAnswerRequest* request) override;
  grpc::ServerUnaryReactor* SubmitFeedback(grpc::CallbackServerContext* context,
                                           const v1::SubmitFeedbackRequest* request,
                                           v1::SubmitFeedbackResponse* response) override;
  grpc::ServerUnaryReactor* GetFeedbackReport(grpc::CallbackServerContext* context,
                                              const v1::GetFeedbackReportRequest* request,
                                              v1::GetFeedbackReportResponse* response) override;

  // Answers under way.
  int running() const { return answers_; }

 private:
  friend class UnaryAnswerCall;
  friend class StreamAnswerCall;

  // Is told an answer and its id, which is empty where no feedback is kept.
  using Told = std::function<void(absl::StatusOr<v1::GroundedAnswer>, std::string answer_id)>;

  class Place;

  // Lets the call in, answers and records it; `done` is the last that is called. The call keeps
  // what is put in `place` until gRPC is done with it. `method` is a literal.
  void Start(std::string_view method, grpc::CallbackServerContext* context,
             const v1::AnswerSpec& spec, AnswerCall call, std::shared_ptr<Place>& place, Told done);
  void Refuse(AnswerRecord record, absl::Status status, const Told& done) const;
  // The id under which the answer was noted. Errors: as FeedbackStore::AddAnswer.
  absl::StatusOr<std::string> Note(const std::string& question,
                                   const v1::GroundedAnswer& answer) const;
  absl::Status TakeFeedback(const v1::SubmitFeedbackRequest& request) const;
  absl::Status MakeReport(const v1::GetFeedbackReportRequest& request,
                          v1::GetFeedbackReportResponse& response) const;
  // A call about what is kept: let in, `work` done by a thread that may wait for the disk.
  grpc::ServerUnaryReactor* AnswerFromStore(std::string_view method,
                                            grpc::CallbackServerContext& context,
                                            std::function<absl::Status()> work);
  // Fills the record in and tells it.
  void Record(AnswerRecord& record, const AnswerOutcome& outcome) const;

  const Answerer* answerer_;
  const Access* access_;
  AnswerServiceOptions options_;
  std::atomic<int> answers_ = 0;  // under way
  std::atomic<int> places_ = 0;   // taken: under way, or not read yet
  WorkerPool pool_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_SERVICE_H_
