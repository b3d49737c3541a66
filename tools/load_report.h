// What open-loop load came to, for people and as JSON.
//
// Not for measuring (load.h). Pure functions, any thread.

#ifndef POLICYKB_TOOLS_LOAD_REPORT_H_
#define POLICYKB_TOOLS_LOAD_REPORT_H_

#include <string>

#include "tools/load.h"

namespace policykb {

// A table with one line for each rate; for a capacity, what follows from it as well.
std::string LoadReportText(const LoadReport& report, const LoadOptions& options);
// One JSON object.
std::string LoadReportJson(const LoadReport& report, const LoadOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_LOAD_REPORT_H_
