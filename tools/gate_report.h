// What the gate found, for people and as JSON.
//
// Not for judging (gate.h). Pure functions, any thread.

#ifndef POLICYKB_TOOLS_GATE_REPORT_H_
#define POLICYKB_TOOLS_GATE_REPORT_H_

#include <string>

#include "tools/gate.h"

namespace policykb {

// Verdict, every figure, and for what was missed why: what was found instead, and the topics that
// got worse, at most twenty of a set.
std::string GateReportText(const GateReport& report);
// The same as one JSON object.
std::string GateReportJson(const GateReport& report);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GATE_REPORT_H_
