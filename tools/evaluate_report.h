// What eval found, for people and as JSON.
//
// Not for measuring (evaluate.h) and not for the page with charts (evaluate_page.h). Pure
// functions, any thread.

#ifndef POLICYKB_TOOLS_EVALUATE_REPORT_H_
#define POLICYKB_TOOLS_EVALUATE_REPORT_H_

#include <string>

#include "tools/evaluate.h"

namespace policykb {

// One figure a line; with a baseline also both means of each measure, and the topics that changed
// most, at most twenty.
std::string EvaluateReportText(const EvaluateReport& report, const EvaluateOptions& options);
// The same as one JSON object, with every topic that changed.
std::string EvaluateReportJson(const EvaluateReport& report, const EvaluateOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_EVALUATE_REPORT_H_
