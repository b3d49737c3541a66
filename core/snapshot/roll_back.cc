#include "core/snapshot/roll_back.h"

#include <memory>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot.h"

namespace policykb {

absl::StatusOr<std::string> RollBack(const std::string& kb, const std::string& to) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock, KnowledgeBaseLock::Acquire(kb));
  std::string target = to;
  if (target.empty()) {
    ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb));
    ASSIGN_OR_RETURN(const Manifest manifest,
                     ReadManifest(kb, current.snapshot, current.manifest_xxh3));
    target = manifest.parent;
    if (target.empty()) {
      return absl::FailedPreconditionError(
          Cat(kb, ": ", current.snapshot, " is the first snapshot, none was live before it"));
    }
  }
  const absl::Status opens = Snapshot::Open(kb, target, "").status();
  if (absl::IsNotFound(opens)) {
    return absl::FailedPreconditionError(
        Cat(kb, ": snapshot ", target,
            " is not there any more; policykb-indexer list names those that are"));
  }
  RETURN_IF_ERROR(opens);
  RETURN_IF_ERROR(MakeLive(kb, target));
  return target;
}

}  // namespace policykb
