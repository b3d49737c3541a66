#include "retriever/live_snapshot.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"

namespace policykb {

absl::StatusOr<std::unique_ptr<LiveSnapshot>> LiveSnapshot::Open(const std::string& kb,
                                                                 SearcherOptions options) {
  std::unique_ptr<LiveSnapshot> live(new LiveSnapshot(kb, std::move(options)));
  RETURN_IF_ERROR(live->Refresh().status());
  return live;
}

std::shared_ptr<const Searcher> LiveSnapshot::Get() const {
  const absl::MutexLock lock(&mutex_);
  return searcher_;
}

absl::StatusOr<bool> LiveSnapshot::Refresh() {
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb_));
  if (current.manifest_xxh3 == current_xxh3_) return false;
  ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot,
                   Snapshot::Open(kb_, current.snapshot, current.manifest_xxh3, snapshot_));
  std::shared_ptr<const Searcher> opened = std::make_shared<LocalSearcher>(snapshot, options_);
  snapshot_ = std::move(snapshot);
  current_xxh3_ = current.manifest_xxh3;
  const absl::MutexLock lock(&mutex_);
  searcher_.swap(opened);
  return true;
}

}  // namespace policykb
