#include "core/rpc/faults.h"

#include "core/base/one_line.h"
#include "core/text/redaction.h"

namespace policykb {

bool Faults::Note(std::string_view subject, const absl::Status& status, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const auto found = faults_.find(subject);
  if (status.ok()) {
    if (found == faults_.end()) return false;
    faults_.erase(found);
    return true;
  }
  std::string message = OneLine(RedactMessage(std::string(status.message())));
  if (found == faults_.end()) {
    faults_.emplace(subject, Fault{std::string(subject), std::move(message), now});
    return true;
  }
  ++found->second.times;
  if (found->second.message == message) return false;
  found->second.message = std::move(message);
  return true;
}

std::vector<Fault> Faults::All() const {
  absl::MutexLock lock(&mutex_);
  std::vector<Fault> all;
  for (const auto& [subject, fault] : faults_) all.push_back(fault);
  return all;
}

}  // namespace policykb
