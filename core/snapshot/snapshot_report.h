// SnapshotReport: what is kept beside a snapshot of how it came about: what its run found in the
// corpus, and what a gate said of it.
//
// For people, who ask for it long after the run; nothing that searches reads it, and a snapshot
// without it is whole. Format: FORMAT.md "Reports". Written by whoever holds the lock of the
// knowledge base, read from any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SNAPSHOT_REPORT_H_
#define POLICYKB_CORE_SNAPSHOT_SNAPSHOT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

inline constexpr std::string_view kReportsFolder = "reports";

enum class FindingKind : uint8_t { kUnread, kSkipped, kLeftOut, kWarning, kWithdrawn };

struct Finding {
  FindingKind kind = FindingKind::kWarning;
  std::string line;
  friend bool operator==(const Finding&, const Finding&) = default;
};

struct RunReport {
  // Findings that are kept; the rest is counted.
  static constexpr size_t kMostFindings = 1000;

  std::string reported_at;  // RFC 3339, UTC
  std::vector<Finding> findings;
  uint64_t total_findings = 0;
  friend bool operator==(const RunReport&, const RunReport&) = default;
};

struct KeptFigure {
  std::string subject;  // a question set, "pairs" or "counts"
  std::string measure;
  double value = 0;
  std::optional<double> live;
  std::optional<double> floor;
  bool passed = false;
  friend bool operator==(const KeptFigure&, const KeptFigure&) = default;
};

struct KeptVerdict {
  std::string judged_at;  // RFC 3339, UTC
  bool passed = false;
  std::vector<KeptFigure> figures;
  friend bool operator==(const KeptVerdict&, const KeptVerdict&) = default;
};

// Replace what is kept of the snapshot; findings beyond kMostFindings are only counted. Errors: as
// WriteFileAtomically.
absl::Status KeepRunReport(const std::string& kb, const std::string& snapshot, RunReport report);
absl::Status KeepVerdict(const std::string& kb, const std::string& snapshot,
                         const KeptVerdict& verdict);

// nullopt where none is kept. Errors: DataLoss, PermissionDenied.
absl::StatusOr<std::optional<RunReport>> ReadRunReport(const std::string& kb,
                                                       const std::string& snapshot);
absl::StatusOr<std::optional<KeptVerdict>> ReadVerdict(const std::string& kb,
                                                       const std::string& snapshot);

// The bytes of the files. Errors: DataLoss.
std::string EncodeRunReport(const RunReport& report);
absl::StatusOr<RunReport> DecodeRunReport(std::string_view json);
std::string EncodeVerdict(const KeptVerdict& verdict);
absl::StatusOr<KeptVerdict> DecodeVerdict(std::string_view json);

// Removes what is kept of the snapshot; absent is OK. Errors: as RemoveAll.
absl::Status RemoveReports(const std::string& kb, const std::string& snapshot);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SNAPSHOT_REPORT_H_
