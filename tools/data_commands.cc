#include "tools/data_commands.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/snapshot_report.h"
#include "tools/diff_report.h"
#include "tools/gate.h"
#include "tools/gate_file.h"
#include "tools/gate_report.h"
#include "tools/printing.h"
#include "tools/snapshot_diff.h"

namespace policykb {

namespace {

// Null where there is nothing to compare with: it is not wanted, or nothing was published yet.
absl::StatusOr<std::shared_ptr<const LocalSearcher>> OpenBaseline(const GateCommand& options) {
  if (options.baseline == kNoBaseline) return std::shared_ptr<const LocalSearcher>();
  if (options.baseline.empty() && absl::IsNotFound(ReadCurrent(options.kb).status()))
    return std::shared_ptr<const LocalSearcher>();
  ASSIGN_OR_RETURN_IN(std::shared_ptr<const LocalSearcher> baseline,
                      OpenSearcher(options.kb, options.baseline),
                      "baseline (--baseline none compares with no other snapshot)");
  return baseline;
}

size_t TerminalColumns() {
  constexpr size_t kWithoutTerminal = 100;
  winsize size = {};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kWithoutTerminal;
}

}  // namespace

absl::StatusOr<GateVerdict> RunGate(const GateCommand& options, OutputForm form) {
  ASSIGN_OR_RETURN(const GateRules rules, ReadGateFile(options.rules));
  ASSIGN_OR_RETURN(const std::shared_ptr<const LocalSearcher> snapshot,
                   OpenSearcher(options.kb, options.snapshot));
  ASSIGN_OR_RETURN(const std::shared_ptr<const LocalSearcher> baseline, OpenBaseline(options));
  ASSIGN_OR_RETURN(const GateReport report, JudgeSnapshot(rules, snapshot, baseline));
  if (options.keep)
    RETURN_IF_ERROR(KeepVerdict(options.kb, report.snapshot, VerdictOf(report, absl::Now())));
  Print(form == OutputForm::kJson ? GateReportJson(report) : GateReportText(report));
  return report.passed() ? GateVerdict::kPassed : GateVerdict::kRefused;
}

absl::Status RunDiff(const DiffOptions& options, OutputForm form) {
  if (options.kb.empty()) return absl::InvalidArgumentError("--diff: expected --kb DIR");
  ASSIGN_OR_RETURN(const SnapshotDiff diff,
                   DiffSnapshots(options.kb, options.snapshots[0], options.snapshots[1]));
  Print(form == OutputForm::kJson ? DiffReportJson(diff) : DiffReportText(diff, TerminalColumns()));
  return absl::OkStatus();
}

absl::Status RunMakeCorpus(const CorpusOptions& options) {
  const MakeCorpusOptions& make = options.make;
  if (options.touch > 0) {
    ASSIGN_OR_RETURN(const std::vector<std::string> touched,
                     TouchCorpus(make.to, options.touch, options.round));
    Print(Cat("documents changed: ", touched.size(), "\n"));
    return absl::OkStatus();
  }
  if (make.from.empty() || make.articles == 0) {
    return absl::InvalidArgumentError(
        "make-corpus: expected --from DIR and --passages N, or --touch K");
  }
  ASSIGN_OR_RETURN(const MadeCorpus made, MakeCorpus(make));
  Print(Cat("sources: ", made.sources, "\ndocuments: ", made.documents,
            "\narticles: ", made.articles, "\nbytes: ", made.bytes, "\n"));
  return absl::OkStatus();
}

}  // namespace policykb
