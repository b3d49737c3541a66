// What the indexer prints of a run, for people.
//
// To standard output; progress goes to standard error. One thread.

#ifndef POLICYKB_INDEXER_REPORT_H_
#define POLICYKB_INDEXER_REPORT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "indexer/maintenance.h"
#include "indexer/pipeline.h"

namespace policykb {

// A bar that is redrawn on a terminal; elsewhere a line at the end of each stage, and now and then
// while a long one lasts. Long stages say about how long they will still take.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(bool terminal) : terminal_(terminal) {}
  void operator()(std::string_view stage, double fraction);

 private:
  std::string Left(double fraction) const;

  bool terminal_;
  absl::Time begun_;  // of the stage
  absl::Time told_;   // last line
  std::string stage_;
  int percent_ = -1;
};

// `most_lines` of each list are printed.
void PrintReport(const BuildReport& report, Publish publish, size_t most_lines);
void PrintReport(const UpdateReport& report, Publish publish, size_t most_lines);
void PrintReport(const ChangeReport& report, Publish publish);
void PrintReport(const CompactReport& report, Publish publish);
void PrintReport(const PruneReport& report);
void PrintReport(const std::vector<ListedSnapshot>& snapshots);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_REPORT_H_
