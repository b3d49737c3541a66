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
      : request_(request),
        response_(response),
        deadline_(DeadlineOf(*context)),
        received_(absl::Now()) {
    if (!service->pool_.Submit([this, service] { Run(*service); })) {
      Finish(ToGrpcStatus(service->Refused("GenerateAnswer")));
    }
  }

  void OnCancel() override { cancelled_ = true; }
  void OnDone() override { delete this; }

 private:
  void Run(const AnswerService& service) {
    const AnswerCall call{
        .deadline = deadline_, .cancelled = [this] { return cancelled_.load(); }, .on_event = {}};
    absl::StatusOr<v1::GroundedAnswer> answer =
        service.Answer("GenerateAnswer", request_->spec(), call, received_);
    const grpc::Status status = ToGrpcStatus(answer.status());
    if (answer.ok()) *response_->mutable_answer() = *std::move(answer);
    Finish(status);
  }

  const v1::GenerateAnswerRequest* request_;
  v1::GenerateAnswerResponse* response_;
  absl::Time deadline_;
  absl::Time received_;
  std::atomic<bool> cancelled_ = false;
};

// One StreamGenerateAnswer in flight. The worker puts events in a queue; one write is under way at
// a time; Finish follows the last of them. gRPC calls OnDone last; it deletes the object.
class StreamAnswerCall final : public grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse> {
 public:
  StreamAnswerCall(AnswerService* service, grpc::CallbackServerContext* context,
                   const v1::StreamGenerateAnswerRequest* request)
      : request_(request), deadline_(DeadlineOf(*context)), received_(absl::Now()) {
    if (!service->pool_.Submit([this, service] { Run(*service); })) {
      Finish(ToGrpcStatus(service->Refused("StreamGenerateAnswer")));
    }
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
  void Run(const AnswerService& service) {
    const AnswerCall call{
        .deadline = deadline_,
        .cancelled = [this] { return cancelled_.load(); },
        .on_event = [this](const v1::StreamGenerateAnswerResponse& event) { return Send(event); }};
    const absl::StatusOr<v1::GroundedAnswer> answer =
        service.Answer("StreamGenerateAnswer", request_->spec(), call, received_);
    bool finish = false;
    {
      absl::MutexLock lock(&mutex_);
      status_ = ToGrpcStatus(answer.status());
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

  const v1::StreamGenerateAnswerRequest* request_;
  absl::Time deadline_;
  absl::Time received_;
  std::atomic<bool> cancelled_ = false;
  absl::Mutex mutex_;
  std::deque<v1::StreamGenerateAnswerResponse> events_ ABSL_GUARDED_BY(mutex_);  // first: under way
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status status_;  // set before ended_, read after it
};

AnswerService::AnswerService(const Answerer* answerer, AnswerServiceOptions options)
    : answerer_(answerer),
      options_(std::move(options)),
      pool_(options_.threads, static_cast<size_t>(options_.max_waiting)) {}

grpc::ServerUnaryReactor* AnswerService::GenerateAnswer(grpc::CallbackServerContext* context,
                                                        const v1::GenerateAnswerRequest* request,
                                                        v1::GenerateAnswerResponse* response) {
  return new UnaryAnswerCall(this, context, request, response);
}

grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* AnswerService::StreamGenerateAnswer(
    grpc::CallbackServerContext* context, const v1::StreamGenerateAnswerRequest* request) {
  return new StreamAnswerCall(this, context, request);
}

absl::StatusOr<v1::GroundedAnswer> AnswerService::Answer(const std::string& method,
                                                         const v1::AnswerSpec& spec,
                                                         const AnswerCall& call,
                                                         absl::Time received) const {
  const absl::Time started = absl::Now();
  absl::StatusOr<v1::GroundedAnswer> answer = answerer_->Answer(spec, call);
  if (options_.on_answer) {
    AnswerRecord record{.method = method,
                        .status = answer.status(),
                        .waited = started - received,
                        .took = absl::Now() - started};
    if (answer.ok()) {
      record.snapshot = answer->snapshot();
      record.as_of_date = answer->as_of_date();
      record.answer_status = answer->status();
      record.mode = answer->mode();
      record.sentences = answer->sentences_size();
      record.citations = answer->citations_size();
      for (const v1::Notice& notice : answer->notices()) {
        if (notice.code() == v1::Notice::CODE_MODEL_FAILED) record.model_failed = true;
      }
    }
    options_.on_answer(record);
  }
  return answer;
}

absl::Status AnswerService::Refused(const std::string& method) const {
  absl::Status status =
      absl::ResourceExhaustedError("generator: too many answers at once; try again later");
  if (options_.on_answer) options_.on_answer({.method = method, .status = status});
  return status;
}

}  // namespace policykb
