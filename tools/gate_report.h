// What the gate found, for people and as JSON.
//
// Not for judging (gate.h). Pure functions, any thread.

#ifndef POLICYKB_TOOLS_GATE_REPORT_H_
#define POLICYKB_TOOLS_GATE_REPORT_H_

#include <string>

#include "absl/time/time.h"
#include "core/snapshot/snapshot_report.h"
#include "tools/gate.h"

namespace policykb {

// Verdict, every figure, and for what was missed why: what was found instead, and the topics that
// got worse, at most twenty of a set.
std::string GateReportText(const GateReport& report);
// The same as one JSON object.
std::string GateReportJson(const GateReport& report);
// Its figures alone, to be kept with the snapshot: those of question sets, then how many of the
// pairs hold, then counts.
KeptVerdict VerdictOf(const GateReport& report, absl::Time judged_at);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GATE_REPORT_H_
