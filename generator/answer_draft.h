// AnswerDraft: an answer while it is made, and the events that tell of it.
//
// Keeps the two in step: what the final message holds is what the events said before, in the same
// order. Not for deciding what an answer says. One thread at a time.

#ifndef POLICYKB_GENERATOR_ANSWER_DRAFT_H_
#define POLICYKB_GENERATOR_ANSWER_DRAFT_H_

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "generator/answerer.h"
#include "generator/citation.h"

namespace policykb {

class AnswerDraft {
 public:
  // `call` must outlive this object.
  AnswerDraft(const AnswerCall& call, const v1::SearchResponse& found);

  // Events. Each returns false when the receiver wants no more.
  bool SendSearchDone(const v1::SearchResponse& found);
  bool AddSentence(const v1::AnswerSentence& sentence);
  bool AddNotice(const v1::Notice& notice);
  bool AddNotice(v1::Notice::Code code, std::string_view message);
  bool SendFinal();
  // Tells of an answer that was made before, as if it were made now, up to the final event.
  bool Replay(const v1::GroundedAnswer& kept);

  // Citations that sentences refer to; new ones go out with the next sentence.
  CitationList& citations() { return citations_; }
  v1::GroundedAnswer& answer() { return answer_; }
  // When the first sentence went out; nullopt before.
  std::optional<absl::Time> first_sentence_at() const { return first_sentence_at_; }

 private:
  bool Send(const v1::StreamGenerateAnswerResponse& event);

  const AnswerCall& call_;
  CitationList citations_;
  size_t sent_citations_ = 0;
  v1::GroundedAnswer answer_;
  std::optional<absl::Time> first_sentence_at_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_DRAFT_H_
