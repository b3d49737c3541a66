// AnswerWriter: writes one answer from what a search found.
//
// Refuses, quotes the passages, or checks the sentences of a model as their text comes in, and
// tells of each step as an event. Not for searching, for asking the model or for waiting: the
// answer task does that. One thread at a time.

#ifndef POLICYKB_GENERATOR_ANSWER_WRITER_H_
#define POLICYKB_GENERATOR_ANSWER_WRITER_H_

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "generator/answer_draft.h"
#include "generator/answerer.h"
#include "generator/grounding/claim_splitter.h"
#include "generator/grounding/grounder.h"
#include "generator/phrases.h"
#include "generator/refusal.h"

namespace policykb {

// What a caller who got no answer can do.
struct NextSteps {
  std::optional<v1::SearchResponse> repealed = {};  // hits that answer, first of them not in force
  std::optional<Contact> contact = {};
};

class AnswerWriter {
 public:
  // All of them must outlive this object.
  AnswerWriter(const v1::AnswerSpec& spec, const AnswerCall& call, const AnswererOptions& options,
               const v1::SearchResponse& found, Language language);

  // False when the receiver of events wants no more.
  bool SendSearchDone();
  // What to do with what was found.
  AnswerDecision decision() const { return decision_; }
  std::optional<absl::Time> first_sentence_at() const { return draft_.first_sentence_at(); }
  // Claims nothing: names the nearest passages and what a caller can do next.
  void Refuse(const NextSteps& next);
  // Answers with sentences of the passages.
  void Quote();

  // Tells of an answer that was kept, in the place of all below.
  absl::StatusOr<v1::GroundedAnswer> FinishWith(const v1::GroundedAnswer& kept);

  // A model writes: it was shown the first `passages` hits, one or more.
  void BeginModel(size_t passages);
  // Takes the next piece of its text; false when no more is wanted: the caller left, the deadline
  // is over, or the model goes on for ever.
  bool TakeModelText(std::string_view text);
  // It ended; what it did not answer is quoted, and where it said that no passage applies the
  // answer is refused. REQUIRES: `name` is the model's.
  void EndModel(const ChatOutcome& outcome, const std::string& name);

  // Ends the answer. Errors: Cancelled, DeadlineExceeded.
  absl::StatusOr<v1::GroundedAnswer> Finish();

 private:
  void QuotePassages();
  bool TakeClaims(const std::vector<Claim>& claims);

  const v1::AnswerSpec& spec_;
  const AnswerCall& call_;
  const AnswererOptions& options_;
  const v1::SearchResponse& found_;
  const Language language_;
  const AnswerDecision decision_;
  AnswerDraft draft_;
  std::vector<const v1::Passage*> passages_;
  ClaimSplitter splitter_;
  std::optional<Grounder> grounder_;  // while a model writes
  std::set<std::string> said_;        // sentences of the model that were sent
  int claims_ = 0;                    // of the model that were checked
  int repeated_ = 0;                  // claims that it had made before
  bool gone_ = false;
  bool nothing_applies_ = false;  // says the model
};

// What is told when the caller left, or the deadline is over.
absl::Status AnswerCancelled();
absl::Status AnswerLate();

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_WRITER_H_
