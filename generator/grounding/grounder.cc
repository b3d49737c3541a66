#include "generator/grounding/grounder.h"

#include "generator/grounding/support.h"

namespace policykb {
namespace {

// A claim that does not name its passage is cited only by one that holds nearly all of its words.
constexpr double kPlainSupport = 0.7;

SupportVerdict FindPlainSupport(const ClaimParts& claim,
                                const std::vector<PassageEvidence>& evidence) {
  SupportVerdict best;
  for (const PassageEvidence& passage : evidence) {
    const PassageEvidence* const one[] = {&passage};
    SupportVerdict verdict = CheckSupport(claim, one, {.partly = kPlainSupport});
    if (verdict.cross_language || verdict.support != v1::SUPPORT_SUPPORTED) continue;
    if (verdict.score >= kPlainSupport && verdict.score > best.score) best = std::move(verdict);
  }
  return best;
}

}  // namespace

Grounder::Grounder(GroundingPolicy policy, const std::vector<const v1::Passage*>& hits,
                   CitationList& citations)
    : policy_(policy), citations_(citations) {
  evidence_.reserve(hits.size());
  for (const v1::Passage* passage : hits) evidence_.emplace_back(*passage);
}

std::optional<v1::AnswerSentence> Grounder::Check(const Claim& claim) {
  std::vector<const PassageEvidence*> cited;
  for (const int mark : claim.marks) {
    if (mark >= 1 && static_cast<size_t>(mark) <= evidence_.size()) {
      cited.push_back(&evidence_[static_cast<size_t>(mark) - 1]);
    }
  }
  SupportVerdict verdict;
  bool moved = false;
  const ClaimParts parts = ReadClaim(claim.text);
  if (!cited.empty()) verdict = CheckSupport(parts, cited);
  if (verdict.support == v1::SUPPORT_UNSUPPORTED) {
    SupportVerdict plain = FindPlainSupport(parts, evidence_);
    if (plain.support != v1::SUPPORT_UNSUPPORTED) {
      verdict = std::move(plain);
      moved = !claim.marks.empty();
    }
  }
  if (verdict.support == v1::SUPPORT_UNSUPPORTED) {
    if (policy_ == GroundingPolicy::kStrict) {
      ++dropped_;
      return std::nullopt;
    }
  } else {
    ++borne_;
    if (verdict.cross_language) cross_language_ = true;
  }
  v1::AnswerSentence sentence;
  sentence.set_text(claim.text);
  sentence.set_support(verdict.support);
  sentence.set_support_score(verdict.score);
  sentence.set_citation_moved(moved);
  moved_ += moved ? 1 : 0;
  for (const SupportingSpan& span : verdict.spans) {
    const int32_t number = citations_.Add(span.evidence->passage(), span.span);
    bool known = false;
    for (const int32_t other : sentence.citations()) known = known || other == number;
    if (!known) sentence.add_citations(number);
  }
  return sentence;
}

}  // namespace policykb
