// Support: how far passages bear a claim.
//
// The check behind every sentence of an answer: overlap of words with the best span of each cited
// passage, every quantity found there in normalised form, provision numbers and titles known there,
// the same polarity. Deterministic, no model. Not for splitting text or numbering citations
// (grounder.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_SUPPORT_H_
#define POLICYKB_GENERATOR_GROUNDING_SUPPORT_H_

#include <span>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "generator/grounding/claim_parts.h"
#include "generator/grounding/evidence.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// The least score of each class: shares of the terms of a claim. Words of a law with a lead-in stay
// above the first, unrelated passages below the second.
inline constexpr double kSupportedScore = 0.6;
inline constexpr double kPartlySupportedScore = 0.4;

struct SupportingSpan {
  const PassageEvidence* evidence = nullptr;
  Span span;  // in the passage's text; whole sentences
};

struct SupportThresholds {
  double supported = kSupportedScore;
  double partly = kPartlySupportedScore;
};

// Why a claim is not borne.
enum class Objection {
  kNone,
  kWording,   // too few of its words stand there
  kQuantity,  // a number, date, amount or provision that does not stand there, or not in its place
  kTitle,     // a document that the passages neither are nor name
  kPolarity,  // commands what is forbidden, negates what is said, or the like
};

struct SupportVerdict {
  v1::Support support = v1::SUPPORT_UNSUPPORTED;
  Objection objection = Objection::kWording;
  double score = 0;                        // 0 to 1
  std::vector<SupportingSpan> spans = {};  // what bears the claim; empty when unsupported
  bool cross_language = false;             // wording was not compared
};

// Checks `claim` (without citation marks) against the passages together, as one claim with several
// citations is meant.
SupportVerdict CheckSupport(const ClaimParts& claim,
                            std::span<const PassageEvidence* const> passages,
                            const SupportThresholds& thresholds = {});
SupportVerdict CheckSupport(std::string_view claim,
                            std::span<const PassageEvidence* const> passages,
                            const SupportThresholds& thresholds = {});

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_SUPPORT_H_
