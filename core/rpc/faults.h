// Faults: what is wrong with a server that goes on all the same.
//
// A snapshot that cannot be opened while the old one is searched, an access file with a mistake in
// it, a model that does not answer: each is noted here when it begins, and again when it is over,
// so that it is logged once and seen as long as it lasts. Not for calls that fail. Any thread.

#ifndef POLICYKB_CORE_RPC_FAULTS_H_
#define POLICYKB_CORE_RPC_FAULTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace policykb {

struct Fault {
  std::string subject;
  std::string message;  // personal numbers struck out
  absl::Time since;
  int64_t times = 1;  // met since then
};

class Faults {
 public:
  // Notes how `subject` is as of `now`; OK ends its fault. True when that is news: another state or
  // another message than before.
  bool Note(std::string_view subject, const absl::Status& status, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // By subject.
  std::vector<Fault> All() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, Fault, std::less<>> faults_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_FAULTS_H_
