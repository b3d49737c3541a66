#include "tools/calibrate.h"

#include <cstdio>
#include <memory>
#include <string>

#include "core/base/status_macros.h"

namespace policykb {

absl::Status RunCalibrateGrounding(const Target& target,
                                   const GroundingCalibrationOptions& options) {
  if (target.kb.empty()) {
    return absl::InvalidArgumentError("calibrate grounding: expected --kb DIR");
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const LocalSearcher> searcher,
                   OpenSearcher(target.kb, target.snapshot));
  const AccessByLabels access = MakeAccessByLabels(searcher);
  ASSIGN_OR_RETURN(const GroundingCalibration calibration,
                   CalibrateGrounding(*searcher, access, options));
  const std::string text = GroundingCalibrationText(calibration);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

absl::Status RunCalibrateRefusal(const RefusalCalibrationOptions& options) {
  ASSIGN_OR_RETURN(const RefusalCalibration calibration, CalibrateRefusal(options));
  const std::string text = RefusalCalibrationText(calibration);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

}  // namespace policykb
