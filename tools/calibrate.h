// policykb calibrate: the error rates behind the thresholds of grounding and of refusal, over
// questions with judgements.
//
// Prints to standard output and returns what went wrong; main decides the exit code. One call at a
// time.

#ifndef POLICYKB_TOOLS_CALIBRATE_H_
#define POLICYKB_TOOLS_CALIBRATE_H_

#include "absl/status/status.h"
#include "tools/commands.h"
#include "tools/grounding_calibration.h"
#include "tools/refusal_calibration.h"

namespace policykb {

// Errors: InvalidArgument (no folder, files), as OpenSearcher and CalibrateGrounding.
absl::Status RunCalibrateGrounding(const Target& target,
                                   const GroundingCalibrationOptions& options);

// Errors: as CalibrateRefusal.
absl::Status RunCalibrateRefusal(const RefusalCalibrationOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CALIBRATE_H_
