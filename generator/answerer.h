// Answerer: one question -> one grounded answer.
//
// The whole way of an answer: validate, search once, refuse or not, let the model write and check
// every sentence of it, or quote the passages. Both service methods and the command line tool go
// through it. Not for transport and threads. Const after the constructor; Start and Answer may be
// called from any thread at once.

#ifndef POLICYKB_GENERATOR_ANSWERER_H_
#define POLICYKB_GENERATOR_ANSWERER_H_

#include <functional>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/executor.h"
#include "generator/chat_model.h"
#include "generator/grounding/grounder.h"
#include "generator/passage_source.h"
#include "generator/prompt.h"
#include "generator/refusal.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

struct AnswererOptions {
  GroundingPolicy grounding = GroundingPolicy::kStrict;
  double refuse_below = kDefaultRefuseBelow;  // probability, 0 to 1
  absl::Duration timeout =
      absl::Seconds(30);  // of a whole answer, however late its caller's deadline
  PromptBudget prompt = {};
  // Of answers that a model wrote; 0 keeps none.
  size_t cache_bytes = 0;
  // How long the model may take to make a follow-up a question of its own, and to write a passage
  // to search with; what is not there by then is done without. 0 does not ask for it.
  absl::Duration rewrite_within = absl::ZeroDuration();
  absl::Duration expand_within = absl::ZeroDuration();
  PromptTemplates templates = {};
};

// Takes the events of an answer in the order of StreamGenerateAnswerResponse; false ends it.
using AnswerEventSink = std::function<bool(const v1::StreamGenerateAnswerResponse&)>;

struct AnswerCall {
  absl::Time deadline = absl::InfiniteFuture();
  // Whose labels count in searches; without one the source's own.
  std::optional<ForwardedCaller> caller = {};
  TraceContext trace = {};  // that search and model are told
  // Asked often until the answer is done, from any thread; empty means never.
  std::function<bool()> cancelled = {};
  AnswerEventSink on_event = {};  // empty when only the whole answer is wanted
};

// What an answer took; nothing that anyone asked or was told.
struct AnswerFigures {
  // The parts of the way that it went, else zero: asking the model for a better search, the search,
  // the model's reply.
  absl::Duration prepare_took = absl::ZeroDuration();
  absl::Duration search_took = absl::ZeroDuration();
  absl::Duration model_took = absl::ZeroDuration();
  // From the beginning until the first sentence could be sent.
  std::optional<absl::Duration> first_sentence_took = {};
  bool asked_model = false;
  bool from_cache = false;
  bool rewritten = false;          // the question, by the model
  bool expanded = false;           // the search, by the model
  absl::Status model_status = {};  // of the model's call; its message may be logged
  ChatUsage usage = {};
  int model_attempts = 0;
};

struct AnswerOutcome {
  absl::StatusOr<v1::GroundedAnswer> answer;
  AnswerFigures figures;
};

// Told once, last.
using AnswerDone = std::function<void(AnswerOutcome)>;

struct AnswerParts;

// Checks what can be checked without a search. Errors: InvalidArgument.
absl::Status ValidateAnswerSpec(const v1::AnswerSpec& spec);

class Answerer {
 public:
  // `source` and `model` must outlive this object; a null `model` means that every answer is
  // extractive.
  Answerer(PassageSource* source, ChatModel* model, AnswererOptions options = {});

  ~Answerer();

  // The longest that an answer takes.
  absl::Duration timeout() const;

  // Begins an answer and returns at once; its steps run on `executor`, one at a time, and no thread
  // waits for retriever or model. on_event and `done` are called from those steps, or `done` from
  // within this call. on_event gets the answer as well, as the final event. A failing model is no
  // error: the answer is then extractive and has a notice. The answerer and `executor` must outlive
  // the answer. Errors: InvalidArgument (the spec), Cancelled, DeadlineExceeded, and those of
  // PassageSource.
  void Start(const v1::AnswerSpec& spec, AnswerCall call, Executor* executor,
             AnswerDone done) const;
  // The same, waited for; all steps run on the calling thread.
  absl::StatusOr<v1::GroundedAnswer> Answer(const v1::AnswerSpec& spec,
                                            const AnswerCall& call) const;

 private:
  std::unique_ptr<const AnswerParts> parts_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWERER_H_
