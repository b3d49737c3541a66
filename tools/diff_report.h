// What DiffSnapshots found, for people and as JSON.
//
// Pure functions, any thread.

#ifndef POLICYKB_TOOLS_DIFF_REPORT_H_
#define POLICYKB_TOOLS_DIFF_REPORT_H_

#include <cstddef>
#include <string>

#include "tools/snapshot_diff.h"

namespace policykb {

// Documents added, withdrawn and changed; changed articles old beside new in `columns` cells, what
// was taken out as [-...-], what was put in as {+...+}, long unchanged stretches shortened.
std::string DiffReportText(const SnapshotDiff& diff, size_t columns);
// One JSON object with the whole texts.
std::string DiffReportJson(const SnapshotDiff& diff);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_DIFF_REPORT_H_
