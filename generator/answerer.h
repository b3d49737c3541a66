// Answerer: one question -> one grounded answer.
//
// The whole way of an answer: validate, search once, refuse or not, let the model write and check
// every sentence of it, or quote the passages. Both service methods and the command line tool go
// through it. Not for transport and threads. Const after the constructor; Answer may be called from
// any thread at once and works on the calling one.

#ifndef POLICYKB_GENERATOR_ANSWERER_H_
#define POLICYKB_GENERATOR_ANSWERER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "generator/chat_model.h"
#include "generator/grounding/grounder.h"
#include "generator/passage_source.h"
#include "generator/refusal.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

struct AnswererOptions {
  GroundingPolicy grounding = GroundingPolicy::kStrict;
  double refuse_below = kDefaultRefuseBelow;  // probability, 0 to 1
  absl::Duration timeout =
      absl::Seconds(30);             // of a whole answer, however late its caller's deadline
  size_t max_passage_chars = 12000;  // in the prompt
};

// Takes the events of an answer in the order of StreamGenerateAnswerResponse; false ends it.
using AnswerEventSink = std::function<bool(const v1::StreamGenerateAnswerResponse&)>;

struct AnswerCall {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled;  // asked often; empty means never
  AnswerEventSink on_event;         // empty when only the whole answer is wanted
};

// Checks what can be checked without a search. Errors: InvalidArgument.
absl::Status ValidateAnswerSpec(const v1::AnswerSpec& spec);

class Answerer {
 public:
  // `source` and `model` must outlive this object; a null `model` means that every answer is
  // extractive.
  Answerer(PassageSource* source, ChatModel* model, AnswererOptions options = {});

  // The answer; on_event gets it as well, as the final event. A failing model is no error: the
  // answer is then extractive and has a notice. Errors: InvalidArgument (the spec), Cancelled,
  // DeadlineExceeded, and those of PassageSource.
  absl::StatusOr<v1::GroundedAnswer> Answer(const v1::AnswerSpec& spec,
                                            const AnswerCall& call) const;

 private:
  PassageSource* source_;
  ChatModel* model_;
  AnswererOptions options_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWERER_H_
