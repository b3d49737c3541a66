// Grounder: turns claims of a model into checked, cited sentences.
//
// Resolves citation marks to passages, checks each claim (support.h), cites a claim without a mark,
// or with a wrong one, by the passage that plainly bears it, and drops or flags what nothing bears,
// by policy. Not for splitting streamed text (claim_splitter.h). One thread at a time; one object
// per answer.

#ifndef POLICYKB_GENERATOR_GROUNDING_GROUNDER_H_
#define POLICYKB_GENERATOR_GROUNDING_GROUNDER_H_

#include <optional>
#include <vector>

#include "generator/citation.h"
#include "generator/grounding/claim_splitter.h"
#include "generator/grounding/evidence.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// What becomes of a claim that no passage bears.
enum class GroundingPolicy {
  kStrict,  // dropped
  kFlag,    // sent as SUPPORT_UNSUPPORTED
  kOff,     // claims are checked, and sent whatever comes out
};

class Grounder {
 public:
  // `hits[i]` is what the mark [i + 1] means; they and `citations` must outlive this object.
  Grounder(GroundingPolicy policy, const std::vector<const v1::Passage*>& hits,
           CitationList& citations);

  // The checked sentence, or nullopt when the claim is dropped.
  std::optional<v1::AnswerSentence> Check(const Claim& claim);

  // Sentences that passages bear, wholly or in part.
  int borne() const { return borne_; }
  int dropped() const { return dropped_; }
  // Sentences whose marks named passages that do not bear them, cited from another.
  int moved() const { return moved_; }
  bool cross_language() const { return cross_language_; }

 private:
  GroundingPolicy policy_;
  std::vector<PassageEvidence> evidence_;
  CitationList& citations_;
  int borne_ = 0;
  int dropped_ = 0;
  int moved_ = 0;
  bool cross_language_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_GROUNDER_H_
