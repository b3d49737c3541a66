#include "indexer/stages.h"

#include "absl/time/clock.h"

namespace policykb {

void Stages::Begin(std::string name) {
  End();
  name_ = std::move(name);
  begun_ = absl::Now();
  Tell(0);
}

void Stages::End() {
  if (name_.empty()) return;
  Tell(1);
  seconds_.emplace_back(name_, absl::ToDoubleSeconds(absl::Now() - begun_));
  name_.clear();
}

}  // namespace policykb
