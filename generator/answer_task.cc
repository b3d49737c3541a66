#include "generator/answer_task.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/random_id.h"
#include "generator/prompt.h"
#include "generator/search_query.h"

namespace policykb {
namespace {

constexpr int kDefaultPassages = 10;
// What a question, and a passage to search with, may be long.
constexpr size_t kMaxRewrittenBytes = 600;
constexpr size_t kMaxHypotheticalBytes = 1500;

// Time kept back from the model for the extractive answer and the way to the caller.
absl::Duration Reserve(absl::Duration left) {
  return std::clamp(left / 10, absl::Milliseconds(20), absl::Seconds(1));
}

Language AnswerLanguage(const v1::AnswerSpec& spec) {
  if (spec.language() == "zh") return Language::kChinese;
  if (spec.language() == "en") return Language::kEnglish;
  return DetectLanguage(spec.question());
}

}  // namespace

void AnswerTask::Begin(const AnswerParts& parts, const v1::AnswerSpec& spec, AnswerCall call,
                       Executor* executor, AnswerDone done) {
  auto* task = new AnswerTask(parts, spec, std::move(call), executor, std::move(done));
  task->Post([task] { task->Prepare(); });
}

AnswerTask::AnswerTask(const AnswerParts& parts, const v1::AnswerSpec& spec, AnswerCall call,
                       Executor* executor, AnswerDone done)
    : parts_(parts),
      spec_(spec),
      call_(std::move(call)),
      executor_(executor),
      done_(std::move(done)),
      began_(absl::Now()) {}

void AnswerTask::Post(std::function<void()> step) {
  Executor* const executor = executor_;
  {
    absl::MutexLock lock(&mutex_);
    steps_.push_back(std::move(step));
    if (running_) return;
    running_ = true;
  }
  // Once posted, the object may be gone before Post returns.
  executor->Post([this] { RunSteps(); });
}

void AnswerTask::RunSteps() {
  for (;;) {
    std::function<void()> step;
    {
      absl::MutexLock lock(&mutex_);
      if (steps_.empty()) {
        running_ = false;
        if (!over_) return;
        break;
      }
      step = std::move(steps_.front());
      steps_.pop_front();
    }
    step();
  }
  delete this;
}

absl::Status AnswerTask::CheckGoingOn() const {
  if (call_.cancelled && call_.cancelled()) return AnswerCancelled();
  if (absl::Now() >= call_.deadline) return AnswerLate();
  return absl::OkStatus();
}

void AnswerTask::Prepare() {
  const AnswererOptions& options = parts_.options;
  const Language language = AnswerLanguage(spec_);
  if (parts_.model != nullptr && !spec_.extractive_only()) {
    if (options.rewrite_within > absl::ZeroDuration() && spec_.history_size() > 0) {
      Consult(BuildRewritePrompt(options.templates, spec_, language), options.rewrite_within,
              kMaxRewrittenBytes, &AnswerTask::rewritten_);
    }
    if (options.expand_within > absl::ZeroDuration()) {
      Consult(BuildPassagePrompt(options.templates, spec_, language), options.expand_within,
              kMaxHypotheticalBytes, &AnswerTask::hypothetical_);
    }
  }
  if (consulting_ == 0) Search();
}

void AnswerTask::Consult(std::vector<ChatMessage> messages, absl::Duration within,
                         size_t most_bytes, std::string AnswerTask::*reply) {
  ++consulting_;
  std::string& text = consulted_.emplace_back();
  parts_.model->StartChat(
      {.messages = std::move(messages),
       .deadline = std::min(call_.deadline, absl::Now() + within),
       .trace = call_.trace,
       .cancelled = call_.cancelled},
      [&text, most_bytes](std::string_view piece) {
        text += piece;
        return text.size() <= most_bytes;
      },
      [this, &text, reply](const ChatOutcome& outcome) {
        Post([this, &text, reply, good = outcome.status.ok()] {
          if (good) this->*reply = std::move(text);
          if (--consulting_ == 0) Search();
        });
      });
}

void AnswerTask::Search() {
  if (absl::Status status = CheckGoingOn(); !status.ok()) return End(status);
  const std::string rewritten = OneLineOf(rewritten_);
  const std::string hypothetical = OneLineOf(hypothetical_);
  figures_.rewritten = !rewritten.empty();
  figures_.expanded = !hypothetical.empty();
  request_.set_query(SearchQuery(spec_, rewritten, hypothetical));
  request_.set_k(spec_.k() == 0 ? kDefaultPassages : spec_.k());
  request_.set_as_of_date(spec_.as_of_date());
  *request_.mutable_filter() = spec_.filter();
  search_began_ = absl::Now();
  if (!consulted_.empty()) figures_.prepare_took = search_began_ - began_;
  StartSearch(request_, &AnswerTask::TakeFound);
}

void AnswerTask::StartSearch(const v1::SearchRequest& request,
                             void (AnswerTask::*take)(absl::StatusOr<v1::SearchResponse>)) {
  parts_.source->StartSearch(
      request, {call_.deadline, call_.caller, call_.trace},
      [this, take](absl::StatusOr<v1::SearchResponse> found) {
        Post([this, take, found = std::move(found)]() mutable { (this->*take)(std::move(found)); });
      });
}

void AnswerTask::TakeFound(absl::StatusOr<v1::SearchResponse> found) {
  figures_.search_took = absl::Now() - search_began_;
  if (!found.ok()) return End(found.status());
  if (absl::Status status = CheckGoingOn(); !status.ok()) return End(status);
  found_ = *std::move(found);
  writer_.emplace(spec_, call_, parts_.options, found_, AnswerLanguage(spec_));
  if (!writer_->SendSearchDone()) return End(AnswerCancelled());
  if (writer_->decision() != AnswerDecision::kAnswer) return SearchRepealed();
  if (parts_.model != nullptr && !spec_.extractive_only()) return AskCacheOrModel();
  writer_->Quote();
  Finish();
}

void AnswerTask::AskCacheOrModel() {
  if (parts_.cache == nullptr) return AskModel();
  cache_key_ = AnswerCacheKey(spec_, found_, parts_.setting);
  std::optional<v1::GroundedAnswer> kept = parts_.cache->Find(cache_key_);
  if (!kept) return AskModel();
  figures_.from_cache = true;
  kept->set_from_cache(true);
  End(writer_->FinishWith(*kept));
}

void AnswerTask::SearchRepealed() {
  if (request_.filter().include_not_in_force()) return SearchContact();
  v1::SearchRequest request = request_;
  request.mutable_filter()->set_include_not_in_force(true);
  StartSearch(request, &AnswerTask::TakeRepealed);
}

void AnswerTask::TakeRepealed(absl::StatusOr<v1::SearchResponse> found) {
  if (!found.ok()) return End(found.status());
  if (IsAnsweredByRepealedText(*found, parts_.options.refuse_below))
    next_steps_.repealed = *std::move(found);
  SearchContact();
}

void AnswerTask::SearchContact() {
  const std::optional<v1::SearchRequest> request = ContactRequest(found_, request_);
  if (request) return StartSearch(*request, &AnswerTask::TakeContact);
  writer_->Refuse(next_steps_);
  Finish();
}

void AnswerTask::TakeContact(absl::StatusOr<v1::SearchResponse> found) {
  if (!found.ok()) return End(found.status());
  next_steps_.contact = FindContact(*found);
  writer_->Refuse(next_steps_);
  Finish();
}

void AnswerTask::AskModel() {
  constexpr size_t kBoundaryBytes = 6;
  Prompt prompt = BuildPrompt(parts_.options.templates, spec_, found_, AnswerLanguage(spec_),
                              parts_.options.prompt, RandomHex(kBoundaryBytes));
  writer_->BeginModel(prompt.passages);
  figures_.asked_model = true;
  model_began_ = absl::Now();
  const absl::Time deadline = call_.deadline - Reserve(call_.deadline - absl::Now());
  parts_.model->StartChat(
      {.messages = std::move(prompt.messages),
       .deadline = deadline,
       .trace = call_.trace,
       .cancelled = call_.cancelled},
      [this](std::string_view text) {
        if (wants_no_text_) return false;
        Post([this, text = std::string(text)] { TakeText(text); });
        return true;
      },
      [this](const ChatOutcome& outcome) { Post([this, outcome] { EndModel(outcome); }); });
}

void AnswerTask::TakeText(const std::string& text) {
  if (!wants_no_text_ && !writer_->TakeModelText(text)) wants_no_text_ = true;
}

void AnswerTask::EndModel(const ChatOutcome& outcome) {
  figures_.model_took = absl::Now() - model_began_;
  figures_.model_status = outcome.status;
  figures_.usage = outcome.usage;
  figures_.model_attempts = outcome.attempts;
  if (absl::Status status = CheckGoingOn(); !status.ok()) return End(status);
  writer_->EndModel(outcome, parts_.model->name());
  absl::StatusOr<v1::GroundedAnswer> answer = writer_->Finish();
  if (answer.ok() && outcome.status.ok()) Keep(*answer);
  End(std::move(answer));
}

// Keeps what a model wrote to its end, and nothing else.
void AnswerTask::Keep(const v1::GroundedAnswer& answer) {
  if (cache_key_.empty() || answer.mode() != v1::ANSWER_MODE_MODEL) return;
  if (!found_.dense_failure().empty()) return;
  for (const v1::Notice& notice : answer.notices()) {
    if (notice.code() == v1::Notice::CODE_MODEL_FAILED) return;
  }
  v1::GroundedAnswer kept = answer;
  kept.clear_model_usage();
  parts_.cache->Put(cache_key_, kept);
}

void AnswerTask::Finish() { End(writer_->Finish()); }

void AnswerTask::End(absl::StatusOr<v1::GroundedAnswer> answer) {
  over_ = true;
  if (writer_ && writer_->first_sentence_at())
    figures_.first_sentence_took = *writer_->first_sentence_at() - began_;
  done_({.answer = std::move(answer), .figures = figures_});
}

}  // namespace policykb
