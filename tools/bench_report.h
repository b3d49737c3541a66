// What bench measured, for people and as JSON.
//
// Not for measuring (bench.h). Pure functions, any thread.

#ifndef POLICYKB_TOOLS_BENCH_REPORT_H_
#define POLICYKB_TOOLS_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "tools/bench.h"
#include "tools/bench_base.h"
#include "tools/bench_vectors.h"

namespace policykb {

std::string BenchReportText(const BenchReport& report, const BenchOptions& options);
// One JSON object.
std::string BenchReportJson(const BenchReport& report, const BenchOptions& options);

// A base that was made to be measured, and what came out.
struct BenchedSize {
  BenchBase base;
  BenchReport report;
};

// A table with one line for each size.
std::string BenchSizesText(const std::vector<BenchedSize>& sizes, const BenchOptions& options);
// One JSON object with a list of `sizes`.
std::string BenchSizesJson(const std::vector<BenchedSize>& sizes, const BenchOptions& options);

// A table with one line for each filter.
std::string VectorBenchText(const VectorBenchReport& report, const BenchOptions& options);
// One JSON object with a list of `filters`.
std::string VectorBenchJson(const VectorBenchReport& report, const BenchOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_REPORT_H_
