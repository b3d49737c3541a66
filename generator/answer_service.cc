#include "generator/answer_service.h"

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"
#include "core/text/utf8.h"
#include "generator/feedback/report.h"

namespace policykb {
namespace {

constexpr std::string_view kService = "policykb.v1.GeneratorService";
// How long an answer by a model is taken to be for who waits for another one's place.
constexpr absl::Duration kAnswerLength = absl::Seconds(1);

// Of a report.
constexpr int kDefaultReportDays = 30;
constexpr int kMostReportDays = 3650;
constexpr int kDefaultReported = 50;
constexpr int kMostReported = 1000;

// Names of passages stay out: they may be of text that who reads the report may not see.
void AddReported(
    const google::protobuf::RepeatedPtrField<feedback::v1::ReportedQuestion>& questions,
    google::protobuf::RepeatedPtrField<v1::ReportedQuestion>& messages) {
  for (const feedback::v1::ReportedQuestion& question : questions) {
    v1::ReportedQuestion& added = *messages.Add();
    added.set_question(question.question());
    added.set_answers(question.answers());
    added.set_last_asked_at(absl::FormatTime(
        absl::RFC3339_sec, absl::FromUnixMillis(question.last_ms()), absl::UTCTimeZone()));
    *added.mutable_comments() = question.comments();
  }
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

}  // namespace

// What a call holds from when it is let in until gRPC is done with it: its admission, one of
// max_answers, and a watch that cancels it when its time is over. gRPC itself does that for callers
// who set a deadline.
class AnswerService::Place {
 public:
  Place(Admission admission, std::atomic<int>* places)
      : admission_(std::move(admission)), places_(places) {}
  ~Place() {
    if (watched_) {
      absl::MutexLock lock(&watched_->mutex);
      watched_->context = nullptr;
    }
    --*places_;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const Caller& caller() const { return admission_.caller(); }

  void CancelAt(absl::Time time, grpc::CallbackServerContext* context) {
    watched_ = std::make_shared<Watched>();
    watched_->context = context;
    alarm_.Set(absl::ToChronoTime(time), [watched = watched_](bool rang) {
      absl::MutexLock lock(&watched->mutex);
      if (rang && watched->context != nullptr) watched->context->TryCancel();
    });
  }

 private:
  // The alarm may ring while the call ends.
  struct Watched {
    absl::Mutex mutex;
    grpc::CallbackServerContext* context ABSL_GUARDED_BY(mutex) = nullptr;
  };

  const Admission admission_;
  std::atomic<int>* const places_;
  std::shared_ptr<Watched> watched_;
  grpc::Alarm alarm_;
};

// One GenerateAnswer in flight. gRPC calls OnDone last, after Finish; it deletes the object.
class UnaryAnswerCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryAnswerCall(AnswerService* service, grpc::CallbackServerContext* context,
                  const v1::GenerateAnswerRequest* request, v1::GenerateAnswerResponse* response)
      : response_(response) {
    service->Start(
        "GenerateAnswer", context, request->spec(),
        {.deadline = DeadlineOf(*context), .cancelled = [this] { return cancelled_.load(); }},
        place_, [this](absl::StatusOr<v1::GroundedAnswer> answer, std::string answer_id) {
          const grpc::Status status = ToGrpcStatus(answer.status());
          if (answer.ok()) *response_->mutable_answer() = *std::move(answer);
          response_->set_answer_id(std::move(answer_id));
          Finish(status);
        });
  }

  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  v1::GenerateAnswerResponse* response_;
  std::atomic<bool> cancelled_ = false;
  std::shared_ptr<AnswerService::Place> place_;  // set by Start
};

// One StreamGenerateAnswer in flight. The worker puts events in a queue; one write is under way at
// a time; Finish follows the last of them. gRPC calls OnDone last; it deletes the object.
class StreamAnswerCall final : public grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse> {
 public:
  StreamAnswerCall(AnswerService* service, grpc::CallbackServerContext* context,
                   const v1::StreamGenerateAnswerRequest* request) {
    service->Start(
        "StreamGenerateAnswer", context, request->spec(),
        {.deadline = DeadlineOf(*context),
         .cancelled = [this] { return cancelled_.load(); },
         .on_event = [this](const v1::StreamGenerateAnswerResponse& event) { return Send(event); }},
        place_, [this](const absl::StatusOr<v1::GroundedAnswer>& answer, std::string answer_id) {
          End(answer.status(), std::move(answer_id));
        });
  }

  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

  void OnWriteDone(bool ok) override {
    if (!ok) cancelled_ = true;
    bool finish = false;
    const v1::StreamGenerateAnswerResponse* next = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      events_.pop_front();
      if (!ok) events_.clear();
      writing_ = !events_.empty();
      if (writing_) next = &events_.front();
      finish = !writing_ && ended_;
    }
    if (next != nullptr) StartWrite(next);
    // No member may be touched behind Finish.
    if (finish) Finish(status_);
  }

 private:
  void End(const absl::Status& status, std::string answer_id) {
    // The last event waits for the answer's id.
    if (status.ok() && final_) {
      final_->set_answer_id(std::move(answer_id));
      Write(*std::move(final_));
    }
    bool finish = false;
    {
      absl::MutexLock lock(&mutex_);
      status_ = ToGrpcStatus(status);
      ended_ = true;
      finish = !writing_;
    }
    if (finish) Finish(status_);
  }

  bool Send(const v1::StreamGenerateAnswerResponse& event) {
    if (cancelled_) return false;
    if (event.has_final()) {
      final_ = event;
    } else {
      Write(event);
    }
    return true;
  }

  void Write(v1::StreamGenerateAnswerResponse event) {
    const v1::StreamGenerateAnswerResponse* first = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      events_.push_back(std::move(event));
      if (!writing_) {
        writing_ = true;
        first = &events_.front();
      }
    }
    // References to elements of a deque stay valid while others are added behind them.
    if (first != nullptr) StartWrite(first);
  }

  std::atomic<bool> cancelled_ = false;
  std::shared_ptr<AnswerService::Place> place_;            // set by Start
  std::optional<v1::StreamGenerateAnswerResponse> final_;  // of the answer's steps alone
  absl::Mutex mutex_;
  std::deque<v1::StreamGenerateAnswerResponse> events_ ABSL_GUARDED_BY(mutex_);  // first: under way
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_;  // set before ended_, read after it
};

AnswerService::AnswerService(const Answerer* answerer, const Access* access,
                             AnswerServiceOptions options)
    : answerer_(answerer), access_(access), options_(std::move(options)), pool_(options_.threads) {}

grpc::ServerUnaryReactor* AnswerService::GenerateAnswer(grpc::CallbackServerContext* context,
                                                        const v1::GenerateAnswerRequest* request,
                                                        v1::GenerateAnswerResponse* response) {
  return new UnaryAnswerCall(this, context, request, response);
}

grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* AnswerService::StreamGenerateAnswer(
    grpc::CallbackServerContext* context, const v1::StreamGenerateAnswerRequest* request) {
  return new StreamAnswerCall(this, context, request);
}

void AnswerService::Start(std::string_view method, grpc::CallbackServerContext* context,
                          const v1::AnswerSpec& spec, AnswerCall call,
                          std::shared_ptr<Place>& place, Told done) {
  AnswerRecord record;
  record.method = method;
  record.trace = call.trace = TraceOf(*context);
  const absl::Time started = absl::Now();
  absl::StatusOr<Admission> admitted =
      AdmitCall(*access_, Cat(kService, "/", method), *context, started);
  if (!admitted.ok()) return Refuse(std::move(record), admitted.status(), done);
  const Caller& caller = admitted->caller();
  record.caller = caller.name;
  record.role = caller.roles.ToString();
  record.on_behalf_of = caller.on_behalf_of;
  if (access_->knows_callers()) {
    call.caller = {.name = caller.on_behalf_of.empty() ? caller.name : caller.on_behalf_of,
                   .labels = caller.labels};
  }
  if (places_.fetch_add(1) >= options_.max_answers) {
    --places_;
    return Refuse(std::move(record),
                  OverloadedError(Cat("generator: ", options_.max_answers,
                                      " answers at once, --max-answers allows no more"),
                                  "TOO_MANY_ANSWERS", kAnswerLength),
                  done);
  }
  place = std::make_shared<Place>(*std::move(admitted), &places_);
  place->CancelAt(std::min(call.deadline, started + answerer_->timeout()) + options_.reading_time,
                  context);
  ++answers_;
  // Once it has begun, the call may be over and gone.
  answerer_->Start(spec, std::move(call), &pool_,
                   [this, record, question = spec.question(), started,
                    done = std::move(done)](AnswerOutcome outcome) mutable {
                     record.took = absl::Now() - started;
                     std::string answer_id;
                     if (options_.feedback != nullptr && outcome.answer.ok()) {
                       absl::StatusOr<std::string> noted = Note(question, *outcome.answer);
                       record.feedback_status = noted.status();
                       answer_id = std::move(noted).value_or("");
                     }
                     Record(record, outcome);
                     if (options_.on_audit) {
                       options_.on_audit(record, question,
                                         outcome.answer.ok() ? &*outcome.answer : nullptr);
                     }
                     --answers_;
                     done(std::move(outcome.answer), std::move(answer_id));
                   });
}

void AnswerService::Refuse(AnswerRecord record, absl::Status status, const Told& done) const {
  const AnswerOutcome outcome{.answer = std::move(status), .figures = {}};
  Record(record, outcome);
  done(outcome.answer, {});
}

absl::StatusOr<std::string> AnswerService::Note(const std::string& question,
                                                const v1::GroundedAnswer& answer) const {
  const absl::Time now = absl::Now();
  feedback::v1::StoredAnswer note;
  note.set_id(FeedbackStore::MakeId(now));
  note.set_answered_at_ms(absl::ToUnixMillis(now));
  note.set_question(question);
  note.set_status(answer.status());
  note.set_mode(answer.mode());
  note.set_model(answer.model());
  note.set_snapshot(answer.snapshot());
  note.set_as_of_date(answer.as_of_date());
  for (const v1::Notice& notice : answer.notices()) {
    if (notice.code() == v1::Notice::CODE_MODEL_FAILED) note.set_model_failed(true);
  }
  for (const auto* citations : {&answer.citations(), &answer.related()}) {
    for (const v1::Citation& citation : *citations) note.add_passages(citation.passage());
  }
  RETURN_IF_ERROR(options_.feedback->AddAnswer(note));
  return note.id();
}

grpc::ServerUnaryReactor* AnswerService::AnswerFromStore(std::string_view method,
                                                         grpc::CallbackServerContext& context,
                                                         std::function<absl::Status()> work) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  const absl::Time started = absl::Now();
  CallRecord record{.method = method, .trace = TraceOf(context)};
  const auto finish = [this, reactor, started](CallRecord ended) {
    ended.took = absl::Now() - started;
    if (options_.on_feedback) options_.on_feedback(ended);
    reactor->Finish(ToGrpcStatus(ended.status));
  };
  absl::StatusOr<Admission> admitted =
      AdmitCall(*access_, Cat(kService, "/", record.method), context, started);
  if (!admitted.ok()) {
    record.status = admitted.status();
    finish(std::move(record));
    return reactor;
  }
  record.caller = admitted->caller().name;
  record.role = admitted->caller().roles.ToString();
  record.on_behalf_of = admitted->caller().on_behalf_of;
  // It waits for the disk.
  pool_.Post([record, finish, work = std::move(work),
              admission = std::make_shared<const Admission>(*std::move(admitted))]() mutable {
    record.status = work();
    finish(std::move(record));
  });
  return reactor;
}

grpc::ServerUnaryReactor* AnswerService::SubmitFeedback(grpc::CallbackServerContext* context,
                                                        const v1::SubmitFeedbackRequest* request,
                                                        v1::SubmitFeedbackResponse*) {
  return AnswerFromStore("SubmitFeedback", *context,
                         [this, request] { return TakeFeedback(*request); });
}

grpc::ServerUnaryReactor* AnswerService::GetFeedbackReport(
    grpc::CallbackServerContext* context, const v1::GetFeedbackReportRequest* request,
    v1::GetFeedbackReportResponse* response) {
  return AnswerFromStore("GetFeedbackReport", *context,
                         [this, request, response] { return MakeReport(*request, *response); });
}

absl::Status AnswerService::TakeFeedback(const v1::SubmitFeedbackRequest& request) const {
  if (options_.feedback == nullptr)
    return absl::FailedPreconditionError("feedback: this server keeps none");
  if (request.rating() != v1::RATING_HELPFUL && request.rating() != v1::RATING_NOT_HELPFUL) {
    return absl::InvalidArgumentError(
        Cat("rating: ", static_cast<int>(request.rating()), ", expected HELPFUL or NOT_HELPFUL"));
  }
  if (request.comment().size() > kMaxCommentBytes ||
      FirstInvalidUtf8(request.comment()) != std::string::npos) {
    return absl::InvalidArgumentError(
        Cat("comment: is no UTF-8 of at most ", kMaxCommentBytes, " bytes"));
  }
  feedback::v1::StoredFeedback feedback;
  feedback.set_rating(request.rating());
  feedback.set_comment(request.comment());
  feedback.set_given_at_ms(absl::ToUnixMillis(absl::Now()));
  return options_.feedback->AddFeedback(request.answer_id(), std::move(feedback));
}

absl::Status AnswerService::MakeReport(const v1::GetFeedbackReportRequest& request,
                                       v1::GetFeedbackReportResponse& response) const {
  if (options_.feedback == nullptr)
    return absl::FailedPreconditionError("feedback: this server keeps none (--feedback does)");
  if (request.days() < 0 || request.days() > kMostReportDays) {
    return absl::InvalidArgumentError(Cat("days: ", request.days(), ", expected 1..",
                                          kMostReportDays, ", or 0 for ", kDefaultReportDays));
  }
  if (request.most() < 0 || request.most() > kMostReported) {
    return absl::InvalidArgumentError(Cat("most: ", request.most(), ", expected 1..", kMostReported,
                                          ", or 0 for ", kDefaultReported));
  }
  const int days = request.days() == 0 ? kDefaultReportDays : request.days();
  const int most = request.most() == 0 ? kDefaultReported : request.most();
  ASSIGN_OR_RETURN(
      const feedback::v1::Report report,
      MakeFeedbackReport(*options_.feedback, absl::Now() - absl::Hours(24) * days, most));
  response.set_answers(report.answers());
  response.set_unanswered(report.unanswered());
  response.set_model_failed(report.model_failed());
  response.set_helpful(report.helpful());
  response.set_not_helpful(report.not_helpful());
  AddReported(report.unanswered_questions(), *response.mutable_unanswered_questions());
  AddReported(report.disliked_questions(), *response.mutable_disliked_questions());
  return absl::OkStatus();
}

void AnswerService::Record(AnswerRecord& record, const AnswerOutcome& outcome) const {
  record.status = outcome.answer.status();
  record.figures = outcome.figures;
  if (outcome.answer.ok()) {
    const v1::GroundedAnswer& answer = *outcome.answer;
    record.snapshot = answer.snapshot();
    record.as_of_date = answer.as_of_date();
    record.answer_status = answer.status();
    record.mode = answer.mode();
    record.sentences = answer.sentences_size();
    record.citations = answer.citations_size();
    for (const v1::Notice& notice : answer.notices()) {
      if (notice.code() == v1::Notice::CODE_MODEL_FAILED) record.model_failed = true;
    }
  }
  if (options_.on_answer) options_.on_answer(record);
}

}  // namespace policykb
