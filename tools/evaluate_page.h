// What eval found as one HTML page with charts, to be looked at, sent and kept.
//
// Self-contained: no script, nothing loaded, works from a file; light or dark as the reader has it.
// Not for measuring (evaluate.h) nor for programs (evaluate_report.h). Pure function, any thread.

#ifndef POLICYKB_TOOLS_EVALUATE_PAGE_H_
#define POLICYKB_TOOLS_EVALUATE_PAGE_H_

#include <string>

#include "tools/evaluate.h"

namespace policykb {

// `run_name`: what was measured, for people. REQUIRES: report.topics is not empty.
std::string EvaluatePage(const EvaluateReport& report, const EvaluateOptions& options,
                         const std::string& run_name);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_EVALUATE_PAGE_H_
