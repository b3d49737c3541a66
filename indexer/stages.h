// Stages: what a run is doing, told while it does it and kept with its seconds.
//
// One thread.

#ifndef POLICYKB_INDEXER_STAGES_H_
#define POLICYKB_INDEXER_STAGES_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace policykb {

// Told the stage and how much of it is done, in [0,1]. Called from the thread that runs it.
using Progress = std::function<void(std::string_view stage, double fraction)>;
using StageSeconds = std::vector<std::pair<std::string, double>>;

class Stages {
 public:
  // `progress` may be empty.
  explicit Stages(Progress progress) : progress_(std::move(progress)) {}

  // Ends the stage before.
  void Begin(std::string name);
  // REQUIRES: a stage has begun.
  void Tell(double fraction) const {
    if (progress_) progress_(name_, fraction);
  }
  void End();
  // Of the stages that ended, in order.
  const StageSeconds& seconds() const { return seconds_; }

 private:
  Progress progress_;
  std::string name_;
  absl::Time begun_;
  StageSeconds seconds_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STAGES_H_
