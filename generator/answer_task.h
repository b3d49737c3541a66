// AnswerTask: the way of one answer through search and model, without a thread that waits.
//
// A chain of steps on an executor, never two at once; search and model tell of their results by
// posting the next step. Not for what an answer says (answer_writer.h). The object deletes itself
// behind the last step.

#ifndef POLICYKB_GENERATOR_ANSWER_TASK_H_
#define POLICYKB_GENERATOR_ANSWER_TASK_H_

#include <atomic>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/executor.h"
#include "generator/answer_cache.h"
#include "generator/answer_writer.h"
#include "generator/answerer.h"

namespace policykb {

// What an answer is made with.
struct AnswerParts {
  PassageSource* source = nullptr;
  ChatModel* model = nullptr;  // null: none
  AnswererOptions options = {};
  std::string setting = {};  // model, prompts and options, for keys of the cache
  std::unique_ptr<AnswerCache> cache = nullptr;  // null: none
};

class AnswerTask {
 public:
  // Begins an answer to a spec that was validated. `parts` and `executor` must outlive it; `done`
  // is called once, from a step.
  static void Begin(const AnswerParts& parts, const v1::AnswerSpec& spec, AnswerCall call,
                    Executor* executor, AnswerDone done);

 private:
  AnswerTask(const AnswerParts& parts, const v1::AnswerSpec& spec, AnswerCall call,
             Executor* executor, AnswerDone done);

  void Post(std::function<void()> step);
  void RunSteps();

  // Asks the model for what makes a better search, where it is to.
  void Prepare();
  void Consult(std::vector<ChatMessage> messages, absl::Duration within, size_t most_bytes,
               std::string AnswerTask::*reply);
  void Search();
  void TakeFound(absl::StatusOr<v1::SearchResponse> found);
  // Of a refusal: two more searches say what a caller can do next, whether there was a provision
  // once, and whom to ask.
  void SearchRepealed();
  void TakeRepealed(absl::StatusOr<v1::SearchResponse> found);
  void SearchContact();
  void TakeContact(absl::StatusOr<v1::SearchResponse> found);
  void StartSearch(const v1::SearchRequest& request,
                   void (AnswerTask::*take)(absl::StatusOr<v1::SearchResponse>));
  void AskCacheOrModel();
  void AskModel();
  void Keep(const v1::GroundedAnswer& answer);
  void TakeText(const std::string& text);
  void EndModel(const ChatOutcome& outcome);
  void Finish();
  void End(absl::StatusOr<v1::GroundedAnswer> answer);
  // Why it makes no sense to go on, or OK.
  absl::Status CheckGoingOn() const;

  const AnswerParts& parts_;
  const v1::AnswerSpec spec_;
  const AnswerCall call_;
  Executor* const executor_;
  const AnswerDone done_;
  int consulting_ = 0;                // calls under way before the search
  std::list<std::string> consulted_;  // what they say; each is written by its call alone
  std::string rewritten_;
  std::string hypothetical_;
  std::string cache_key_;  // empty: is not kept
  const absl::Time began_;
  absl::Time search_began_;
  absl::Time model_began_;
  v1::SearchRequest request_;
  v1::SearchResponse found_;
  NextSteps next_steps_;
  std::optional<AnswerWriter> writer_;
  AnswerFigures figures_;
  std::atomic<bool> wants_no_text_ = false;
  bool over_ = false;  // behind the last step

  absl::Mutex mutex_;
  std::deque<std::function<void()>> steps_ ABSL_GUARDED_BY(mutex_);
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_TASK_H_
