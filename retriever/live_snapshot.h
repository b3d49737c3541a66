// LiveSnapshot: the snapshot that CURRENT names, now and when it changes.
//
// Opens the new one beside the old, then swaps one pointer; requests in flight finish on the one
// they began with. When a new one cannot be opened the old one keeps serving. Get may be called
// from any thread; Refresh from one.

#ifndef POLICYKB_RETRIEVER_LIVE_SNAPSHOT_H_
#define POLICYKB_RETRIEVER_LIVE_SNAPSHOT_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/snapshot/manifest.h"
#include "retriever/local_searcher.h"

namespace policykb {

class LiveSnapshot {
 public:
  // `options`: of every searcher. Errors: as Snapshot::OpenCurrent.
  static absl::StatusOr<std::unique_ptr<LiveSnapshot>> Open(const std::string& kb,
                                                            SearcherOptions options = {});

  std::shared_ptr<const Searcher> Get() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Looks at CURRENT; true when another snapshot went live. Errors: as Open; the old one keeps
  // serving. One that cannot be opened is tried again after a pause that grows up to half a minute;
  // until then the same error is returned without reading it, unless CURRENT names another.
  absl::StatusOr<bool> Refresh(absl::Time now = absl::Now()) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  LiveSnapshot(std::string kb, SearcherOptions options)
      : kb_(std::move(kb)), options_(std::move(options)) {}

  const std::string kb_;
  const SearcherOptions options_;
  struct Refused {
    std::string snapshot, xxh3;
    absl::Status why;
    absl::Duration pause;
    absl::Time again;
  };
  absl::StatusOr<bool> OpenNamed(const Current& current) ABSL_LOCKS_EXCLUDED(mutex_);

  std::string current_xxh3_;                  // Refresh only
  std::optional<Refused> refused_;            // Refresh only
  std::shared_ptr<const Snapshot> snapshot_;  // Refresh only: what the next one can share
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Searcher> searcher_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_LIVE_SNAPSHOT_H_
