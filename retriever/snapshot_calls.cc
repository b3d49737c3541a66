#include "retriever/snapshot_calls.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/roll_back.h"
#include "core/snapshot/snapshot_report.h"

namespace policykb {

namespace {

constexpr int32_t kDefaultSnapshots = 100;
constexpr int32_t kMostSnapshots = 1000;

v1::CorpusFinding::Kind ToMessage(FindingKind kind) {
  switch (kind) {
    case FindingKind::kUnread:
      return v1::CorpusFinding::KIND_UNREAD;
    case FindingKind::kSkipped:
      return v1::CorpusFinding::KIND_SKIPPED;
    case FindingKind::kLeftOut:
      return v1::CorpusFinding::KIND_LEFT_OUT;
    case FindingKind::kWarning:
      return v1::CorpusFinding::KIND_WARNING;
    case FindingKind::kWithdrawn:
      return v1::CorpusFinding::KIND_WITHDRAWN;
  }
  return v1::CorpusFinding::KIND_UNSPECIFIED;
}

v1::GateVerdict ToMessage(const KeptVerdict& verdict) {
  v1::GateVerdict message;
  message.set_passed(verdict.passed);
  message.set_judged_at(verdict.judged_at);
  for (const KeptFigure& figure : verdict.figures) {
    v1::GateFigure& added = *message.add_figures();
    added.set_subject(figure.subject);
    added.set_measure(figure.measure);
    added.set_value(figure.value);
    if (figure.live) added.set_live(*figure.live);
    if (figure.floor) added.set_floor(*figure.floor);
    added.set_passed(figure.passed);
  }
  return message;
}

// Says itself why something cannot be read.
v1::SnapshotSummary Summarize(const std::string& kb, const std::string& id) {
  v1::SnapshotSummary summary;
  summary.set_snapshot(id);
  const auto note = [&summary](const absl::Status& status) {
    if (!status.ok() && summary.unreadable().empty())
      summary.set_unreadable(OneLine(std::string(status.message())));
  };
  const absl::StatusOr<Manifest> manifest = ReadManifest(kb, id, "");
  note(manifest.status());
  if (manifest.ok()) {
    summary.set_published_at(manifest->published_at);
    summary.set_parent(manifest->parent);
    summary.set_documents(static_cast<int64_t>(manifest->documents));
    summary.set_passages(static_cast<int64_t>(manifest->passages));
  }
  const absl::StatusOr<std::optional<KeptVerdict>> verdict = ReadVerdict(kb, id);
  note(verdict.status());
  if (verdict.ok() && *verdict) *summary.mutable_gate() = ToMessage(**verdict);
  const absl::StatusOr<std::optional<RunReport>> report = ReadRunReport(kb, id);
  note(report.status());
  if (report.ok() && *report) summary.set_findings(static_cast<int64_t>((*report)->total_findings));
  return summary;
}

}  // namespace

absl::StatusOr<v1::ListSnapshotsResponse> SnapshotCalls::ListSnapshots(
    const v1::ListSnapshotsRequest& request) const {
  if (request.limit() < 0 || request.limit() > kMostSnapshots) {
    return absl::InvalidArgumentError(Cat("limit: ", request.limit(), ", expected 1..",
                                          kMostSnapshots, ", or 0 for ", kDefaultSnapshots));
  }
  const size_t most =
      static_cast<size_t>(request.limit() == 0 ? kDefaultSnapshots : request.limit());
  ASSIGN_OR_RETURN(std::vector<std::string> ids, policykb::ListSnapshots(kb_));
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb_));
  std::reverse(ids.begin(), ids.end());
  if (ids.size() > most) ids.resize(most);
  v1::ListSnapshotsResponse response;
  response.set_snapshot(current.snapshot);
  for (const std::string& id : ids) {
    v1::SnapshotSummary& summary = *response.add_snapshots();
    summary = Summarize(kb_, id);
    summary.set_live(id == current.snapshot);
  }
  return response;
}

absl::StatusOr<v1::GetSnapshotReportResponse> SnapshotCalls::GetSnapshotReport(
    const v1::GetSnapshotReportRequest& request) const {
  std::string id = request.snapshot();
  if (id.empty()) {
    ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb_));
    id = current.snapshot;
  }
  // A name from outside is looked up among those there are before it becomes part of a path.
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, policykb::ListSnapshots(kb_));
  if (std::find(ids.begin(), ids.end(), id) == ids.end())
    return absl::NotFoundError(Cat("snapshot \"", OneLine(id), "\" not found"));
  v1::GetSnapshotReportResponse response;
  response.set_snapshot(id);
  ASSIGN_OR_RETURN(const std::optional<RunReport> report, ReadRunReport(kb_, id));
  if (report) {
    response.set_reported_at(report->reported_at);
    response.set_total_findings(static_cast<int64_t>(report->total_findings));
    for (const Finding& finding : report->findings) {
      v1::CorpusFinding& added = *response.add_findings();
      added.set_kind(ToMessage(finding.kind));
      added.set_line(finding.line);
    }
  }
  ASSIGN_OR_RETURN(const std::optional<KeptVerdict> verdict, ReadVerdict(kb_, id));
  if (verdict) *response.mutable_gate() = ToMessage(*verdict);
  return response;
}

absl::StatusOr<v1::RollBackResponse> SnapshotCalls::RollBack(
    const v1::RollBackRequest& request) const {
  if (roll_back_ != RollBackRule::kAllow) {
    return absl::FailedPreconditionError(
        "RollBack: this server does not allow it (policykb-retriever --allow-roll-back does); "
        "policykb-indexer rollback does the same on its machine");
  }
  if (!request.snapshot().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, policykb::ListSnapshots(kb_));
    if (std::find(ids.begin(), ids.end(), request.snapshot()) == ids.end())
      return absl::NotFoundError(Cat("snapshot \"", OneLine(request.snapshot()), "\" not found"));
  }
  v1::RollBackResponse response;
  ASSIGN_OR_RETURN(const std::string live, policykb::RollBack(kb_, request.snapshot()));
  response.set_snapshot(live);
  return response;
}

}  // namespace policykb
