// policykb calibrate grounding: how often grounding drops what is true and lets pass what is not.
//
// True claims are sentences of expert answers beside their relevant articles, sorted by how near
// their wording is (wording.h), and sentences of the articles themselves; false ones are the same
// with a number altered, the force turned round (claim_changes.h), or cited from another article or
// law. Deterministic: the same base, files and seed give the same bytes, but for the times. One
// call at a time.

#ifndef POLICYKB_TOOLS_GROUNDING_CALIBRATION_H_
#define POLICYKB_TOOLS_GROUNDING_CALIBRATION_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/question_set.h"

namespace policykb {

class LocalSearcher;

struct GroundingCalibrationOptions : QuestionFiles {
  std::string answers;   // JSON lines {_id, answer}, or empty: sentences of the articles alone
  uint64_t seed = 1;     // decides which numbers become which
  std::string failures;  // file to write every claim to that was judged wrongly, or empty
};

inline constexpr size_t kCalibrationThresholds = 15;  // .20, .25, ... .90

// What became of one kind of claim.
struct ClaimKindCounts {
  std::string name;
  bool is_true = false;
  size_t claims = 0;
  size_t dropped = 0;  // not borne
  size_t partly = 0;
  // Claims that would be dropped if the least score were .20, .25, ...
  std::array<size_t, kCalibrationThresholds> dropped_at = {};
};

struct GroundingCalibration {
  size_t topics = 0;
  // Sentences that name an article or a law that is not among the relevant ones; not counted.
  size_t naming_sentences = 0;
  size_t sentences = 0;        // of answers
  size_t other_sentences = 0;  // of those, about something else than the articles; not counted
  std::vector<ClaimKindCounts> kinds;
  // Times of checking one claim against ten passages, in milliseconds.
  size_t timed = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// Errors: NotFound, InvalidArgument (files), as Searcher.
absl::StatusOr<GroundingCalibration> CalibrateGrounding(const LocalSearcher& searcher,
                                                        const AccessByLabels& access,
                                                        const GroundingCalibrationOptions& options);

std::string GroundingCalibrationText(const GroundingCalibration& calibration);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GROUNDING_CALIBRATION_H_
