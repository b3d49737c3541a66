#include "generator/answer_service.h"

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <utility>

#include "absl/time/clock.h"
#include "core/rpc/status_conversion.h"

namespace policykb {
namespace {

absl::Time DeadlineOf(const grpc::CallbackServerContext& context) {
  const std::chrono::system_clock::time_point deadline = context.deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) return absl::InfiniteFuture();
  return absl::FromChrono(deadline);
}

}  // namespace

// One GenerateAnswer in flight. gRPC calls OnDone last, after Finish; it deletes the object.
class UnaryAnswerCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryAnswerCall(AnswerService* service, grpc::CallbackServerContext* context,
                  const v1::GenerateAnswerRequest* request, v1::GenerateAnswerResponse* response)
      : response_(response) {
    service->Start(
        "GenerateAnswer", request->spec(),
        {.deadline = DeadlineOf(*context), .cancelled = [this] { return cancelled_.load(); }},
        [this](absl::StatusOr<v1::GroundedAnswer> answer) {
          const grpc::Status status = ToGrpcStatus(answer.status());
          if (answer.ok()) *response_->mutable_answer() = *std::move(answer);
          Finish(status);
        });
  }

  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  v1::GenerateAnswerResponse* response_;
  std::atomic<bool> cancelled_ = false;
};

// One StreamGenerateAnswer in flight. The worker puts events in a queue; one write is under way at
// a time; Finish follows the last of them. gRPC calls OnDone last; it deletes the object.
class StreamAnswerCall final : public grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse> {
 public:
  StreamAnswerCall(AnswerService* service, grpc::CallbackServerContext* context,
                   const v1::StreamGenerateAnswerRequest* request) {
    service->Start(
        "StreamGenerateAnswer", request->spec(),
        {.deadline = DeadlineOf(*context),
         .cancelled = [this] { return cancelled_.load(); },
         .on_event = [this](const v1::StreamGenerateAnswerResponse& event) { return Send(event); }},
        [this](const absl::StatusOr<v1::GroundedAnswer>& answer) { End(answer.status()); });
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
  void End(const absl::Status& status) {
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
    const v1::StreamGenerateAnswerResponse* first = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      events_.push_back(event);
      if (!writing_) {
        writing_ = true;
        first = &events_.front();
      }
    }
    // References to elements of a deque stay valid while others are added behind them.
    if (first != nullptr) StartWrite(first);
    return true;
  }

  std::atomic<bool> cancelled_ = false;
  absl::Mutex mutex_;
  std::deque<v1::StreamGenerateAnswerResponse> events_ ABSL_GUARDED_BY(mutex_);  // first: under way
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_;  // set before ended_, read after it
};

AnswerService::AnswerService(const Answerer* answerer, AnswerServiceOptions options)
    : answerer_(answerer), options_(std::move(options)), pool_(options_.threads) {}

grpc::ServerUnaryReactor* AnswerService::GenerateAnswer(grpc::CallbackServerContext* context,
                                                        const v1::GenerateAnswerRequest* request,
                                                        v1::GenerateAnswerResponse* response) {
  return new UnaryAnswerCall(this, context, request, response);
}

grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* AnswerService::StreamGenerateAnswer(
    grpc::CallbackServerContext* context, const v1::StreamGenerateAnswerRequest* request) {
  return new StreamAnswerCall(this, context, request);
}

void AnswerService::Start(const std::string& method, const v1::AnswerSpec& spec, AnswerCall call,
                          std::function<void(absl::StatusOr<v1::GroundedAnswer>)> done) {
  AnswerRecord record{.method = method};
  if (answers_.fetch_add(1) >= options_.max_answers) {
    --answers_;
    const AnswerOutcome outcome{.answer = absl::ResourceExhaustedError(
                                    "generator: too many answers at once; try again later"),
                                .figures = {}};
    Record(std::move(record), outcome);
    done(outcome.answer);
    return;
  }
  answerer_->Start(
      spec, std::move(call), &pool_,
      [this, record, started = absl::Now(), done = std::move(done)](AnswerOutcome outcome) mutable {
        record.took = absl::Now() - started;
        Record(std::move(record), outcome);
        --answers_;
        done(std::move(outcome.answer));
      });
}

void AnswerService::Record(AnswerRecord record, const AnswerOutcome& outcome) const {
  if (!options_.on_answer) return;
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
  options_.on_answer(record);
}

}  // namespace policykb
