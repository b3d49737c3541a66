// What a written snapshot holds that editorial words point to.
//
// Not for a corpus that is only looked at (lint.h). Function, any thread.

#ifndef POLICYKB_INDEXER_EDITORIAL_TARGETS_H_
#define POLICYKB_INDEXER_EDITORIAL_TARGETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/manifest.h"
#include "indexer/editorial_files.h"

namespace policykb {

// As PointlessEntries, over the segments of a snapshot. Errors: as OpenSegmentColumns.
absl::StatusOr<std::vector<std::string>> PointlessEntriesIn(
    const std::string& kb, const std::vector<SegmentEntry>& segments, const EditorialFiles& files);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EDITORIAL_TARGETS_H_
