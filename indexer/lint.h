// Lint: reads a whole corpus as a build would and names everything that a person should look at,
// by kind, with file and line. Nothing is written.
//
// Not for what a build or an update does (pipeline.h). One call may use several threads; calls are
// independent of each other.

#ifndef POLICYKB_INDEXER_LINT_H_
#define POLICYKB_INDEXER_LINT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct LintOptions {
  std::string corpus;
  // Labels that the access configuration knows; every other one is named. nullopt: not checked.
  std::optional<std::vector<std::string>> known_labels;
  int threads = 1;
};

// One kind of finding.
struct LintGroup {
  std::string title;
  bool loses_content = false;      // text that is there will not be found; else a remark
  std::vector<std::string> lines;  // "path:line: what" or "path: what", in order of the paths
};

struct LintReport {
  std::vector<LintGroup> groups;  // only those with lines; what loses content first
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t bytes = 0;        // of the documents read
  double parse_seconds = 0;  // of processor time, all threads together, without reading

  bool LosesContent() const;
};

// Errors: those of listing the corpus; a file that cannot be read is a finding.
absl::StatusOr<LintReport> LintCorpus(const LintOptions& options);

// The report for people: each group with its count and at most `most_lines` of its lines.
std::string FormatLintReport(const LintReport& report, size_t most_lines);

// Labels of an access configuration, TOML with `labels = ["staff", ...]`; "public" is always one.
// Errors: InvalidArgument with the line.
absl::StatusOr<std::vector<std::string>> ReadKnownLabels(std::string_view toml);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_LINT_H_
