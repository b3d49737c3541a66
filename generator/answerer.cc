#include "generator/answerer.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "generator/answer_task.h"
#include "generator/search_query.h"

namespace policykb {
namespace {

constexpr int kMaxPassages = 50;
constexpr int kMaxHistory = 20;
constexpr size_t kMaxTurnBytes = 64 << 10;

// Does posted work on the thread that waits for it.
class CallingThread : public Executor {
 public:
  void Post(std::function<void()> work) override {
    absl::MutexLock lock(&mutex_);
    waiting_.push_back(std::move(work));
  }

  // Does the next piece of work, once there is one.
  void RunOne() {
    std::function<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &CallingThread::HasWork));
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }

 private:
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !waiting_.empty(); }

  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
};

AnswerParts MakeParts(PassageSource* source, ChatModel* model, AnswererOptions options) {
  AnswerParts parts{.source = source, .model = model, .options = std::move(options)};
  if (model == nullptr || parts.options.cache_bytes == 0) return parts;
  const AnswererOptions& made = parts.options;
  parts.setting = Cat(model->name(), "\n", made.templates.digest(), "\n",
                      static_cast<int>(made.grounding), " ", made.refuse_below, " ",
                      made.prompt.max_tokens, " ", static_cast<int>(made.prompt.family));
  parts.cache = std::make_unique<AnswerCache>(made.cache_bytes);
  return parts;
}

}  // namespace

absl::Status ValidateAnswerSpec(const v1::AnswerSpec& spec) {
  if (StripAsciiSpace(spec.question()).empty()) {
    return absl::InvalidArgumentError("question: is empty");
  }
  if (spec.question().size() > kMaxQuestionBytes) {
    return absl::InvalidArgumentError(
        Cat("question: ", spec.question().size(), " bytes, at most ", kMaxQuestionBytes));
  }
  if (const size_t at = FirstInvalidUtf8(spec.question()); at != std::string::npos) {
    return absl::InvalidArgumentError(Cat("question: byte ", at, " is no UTF-8"));
  }
  if (spec.k() < 0 || spec.k() > kMaxPassages) {
    return absl::InvalidArgumentError(
        Cat("k: ", spec.k(), ", expected 1 to ", kMaxPassages, " or 0 for the default"));
  }
  if (spec.history_size() > kMaxHistory) {
    return absl::InvalidArgumentError(
        Cat("history: ", spec.history_size(), " turns, at most ", kMaxHistory));
  }
  for (const v1::Turn& turn : spec.history()) {
    for (const std::string* text : {&turn.question(), &turn.answer()}) {
      if (text->size() > kMaxTurnBytes || FirstInvalidUtf8(*text) != std::string::npos) {
        return absl::InvalidArgumentError(
            Cat("history: a turn is no UTF-8 of at most ", kMaxTurnBytes, " bytes"));
      }
    }
  }
  if (!spec.language().empty() && spec.language() != "zh" && spec.language() != "en") {
    return absl::InvalidArgumentError("language: expected zh, en or nothing");
  }
  return absl::OkStatus();
}

Answerer::Answerer(PassageSource* source, ChatModel* model, AnswererOptions options)
    : parts_(std::make_unique<AnswerParts>(MakeParts(source, model, std::move(options)))) {}

Answerer::~Answerer() = default;

absl::Duration Answerer::timeout() const { return parts_->options.timeout; }

void Answerer::Start(const v1::AnswerSpec& spec, AnswerCall call, Executor* executor,
                     AnswerDone done) const {
  if (absl::Status status = ValidateAnswerSpec(spec); !status.ok()) {
    done({.answer = status, .figures = {}});
    return;
  }
  call.deadline = std::min(call.deadline, absl::Now() + parts_->options.timeout);
  AnswerTask::Begin(*parts_, spec, std::move(call), executor, std::move(done));
}

absl::StatusOr<v1::GroundedAnswer> Answerer::Answer(const v1::AnswerSpec& spec,
                                                    const AnswerCall& call) const {
  CallingThread thread;
  std::optional<absl::StatusOr<v1::GroundedAnswer>> answer;
  Start(spec, call, &thread, [&](AnswerOutcome outcome) { answer = std::move(outcome.answer); });
  while (!answer) thread.RunOne();
  return *std::move(answer);
}

}  // namespace policykb
