#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "indexer/pipeline.h"

namespace policykb {

RunReport CorpusReport::Findings() const {
  RunReport report;
  report.reported_at = absl::FormatTime(absl::RFC3339_sec, absl::Now(), absl::UTCTimeZone());
  const auto add = [&report](FindingKind kind, std::string line) {
    report.findings.push_back({.kind = kind, .line = std::move(line)});
  };
  for (const FileProblem& file : unread) add(FindingKind::kUnread, file.path);
  for (const FileProblem& file : skipped)
    add(FindingKind::kSkipped, Cat(file.path, ": ", file.reason));
  for (const std::string& line : left_out) add(FindingKind::kLeftOut, line);
  for (const std::string& line : warnings) add(FindingKind::kWarning, line);
  for (const std::string& id : withdrawn) add(FindingKind::kWithdrawn, id);
  report.total_findings = report.findings.size();
  return report;
}

}  // namespace policykb
