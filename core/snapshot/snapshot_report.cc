#include "core/snapshot/snapshot_report.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <iterator>

#include "core/base/files.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "policykb/snapshot/v1/report.pb.h"

namespace policykb {

namespace {

namespace pb = snapshot::v1;

constexpr uint32_t kFormatVersion = 1;
constexpr uint64_t kMaxReportBytes = uint64_t{64} << 20;
// By FindingKind.
constexpr std::string_view kKindNames[] = {"unread", "skipped", "left_out", "warning", "withdrawn"};

std::string RunPath(const std::string& kb, const std::string& snapshot) {
  return JoinPath(JoinPath(kb, kReportsFolder), Cat(snapshot, ".run.json"));
}

std::string GatePath(const std::string& kb, const std::string& snapshot) {
  return JoinPath(JoinPath(kb, kReportsFolder), Cat(snapshot, ".gate.json"));
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // A message with strings, numbers and lists of such only always has a JSON form.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

// Errors: DataLoss.
template <typename Message>
absl::StatusOr<Message> FromJson(std::string_view json) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  Message message;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(std::string(json), &message, options);
  if (!parsed.ok())
    return absl::DataLossError(Cat("not a report: ", std::string(parsed.message())));
  if (message.format_version() != kFormatVersion) {
    return absl::DataLossError(
        Cat("format_version ", message.format_version(), ", expected ", kFormatVersion));
  }
  return message;
}

absl::StatusOr<std::optional<std::string>> ReadIfThere(const std::string& path) {
  absl::StatusOr<std::string> bytes = ReadFile(path, kMaxReportBytes);
  if (absl::IsNotFound(bytes.status())) return std::optional<std::string>();
  RETURN_IF_ERROR(bytes.status());
  return std::optional<std::string>(*std::move(bytes));
}

absl::Status Keep(const std::string& kb, const std::string& path, std::string_view json) {
  RETURN_IF_ERROR(MakeFolders(JoinPath(kb, kReportsFolder)));
  return WriteFileAtomically(path, json);
}

}  // namespace

std::string EncodeRunReport(const RunReport& report) {
  pb::RunReport message;
  message.set_format_version(kFormatVersion);
  message.set_reported_at(report.reported_at);
  for (const Finding& finding : report.findings) {
    pb::Finding& added = *message.add_findings();
    added.set_kind(std::string(kKindNames[static_cast<size_t>(finding.kind)]));
    added.set_line(finding.line);
  }
  message.set_total_findings(report.total_findings);
  return ToJson(message);
}

absl::StatusOr<RunReport> DecodeRunReport(std::string_view json) {
  ASSIGN_OR_RETURN(const pb::RunReport message, FromJson<pb::RunReport>(json));
  RunReport report = {.reported_at = message.reported_at(),
                      .findings = {},
                      .total_findings = message.total_findings()};
  for (const pb::Finding& finding : message.findings()) {
    size_t kind = 0;
    while (kind < std::size(kKindNames) && kKindNames[kind] != finding.kind()) ++kind;
    if (kind == std::size(kKindNames))
      return absl::DataLossError(Cat("finding of kind \"", finding.kind(), "\""));
    report.findings.push_back({.kind = static_cast<FindingKind>(kind), .line = finding.line()});
  }
  if (report.total_findings < report.findings.size()) {
    return absl::DataLossError(Cat("total_findings ", report.total_findings, " with ",
                                   report.findings.size(), " findings"));
  }
  return report;
}

std::string EncodeVerdict(const KeptVerdict& verdict) {
  pb::GateReport message;
  message.set_format_version(kFormatVersion);
  message.set_judged_at(verdict.judged_at);
  message.set_passed(verdict.passed);
  for (const KeptFigure& figure : verdict.figures) {
    pb::GateFigure& added = *message.add_figures();
    added.set_subject(figure.subject);
    added.set_measure(figure.measure);
    added.set_value(figure.value);
    if (figure.live) added.set_live(*figure.live);
    if (figure.floor) added.set_floor(*figure.floor);
    added.set_passed(figure.passed);
  }
  return ToJson(message);
}

absl::StatusOr<KeptVerdict> DecodeVerdict(std::string_view json) {
  ASSIGN_OR_RETURN(const pb::GateReport message, FromJson<pb::GateReport>(json));
  KeptVerdict verdict = {
      .judged_at = message.judged_at(), .passed = message.passed(), .figures = {}};
  for (const pb::GateFigure& figure : message.figures()) {
    for (const double number : {figure.value(), figure.live(), figure.floor()}) {
      if (!std::isfinite(number))
        return absl::DataLossError(Cat("figure ", figure.measure(), " is no number"));
    }
    KeptFigure& added = verdict.figures.emplace_back();
    added.subject = figure.subject();
    added.measure = figure.measure();
    added.value = figure.value();
    if (figure.has_live()) added.live = figure.live();
    if (figure.has_floor()) added.floor = figure.floor();
    added.passed = figure.passed();
  }
  return verdict;
}

absl::Status KeepRunReport(const std::string& kb, const std::string& snapshot, RunReport report) {
  report.total_findings = report.findings.size();
  if (report.findings.size() > RunReport::kMostFindings)
    report.findings.resize(RunReport::kMostFindings);
  for (Finding& finding : report.findings) finding.line = OneLine(finding.line);
  return Keep(kb, RunPath(kb, snapshot), EncodeRunReport(report));
}

absl::Status KeepVerdict(const std::string& kb, const std::string& snapshot,
                         const KeptVerdict& verdict) {
  return Keep(kb, GatePath(kb, snapshot), EncodeVerdict(verdict));
}

absl::StatusOr<std::optional<RunReport>> ReadRunReport(const std::string& kb,
                                                       const std::string& snapshot) {
  const std::string path = RunPath(kb, snapshot);
  ASSIGN_OR_RETURN(const std::optional<std::string> json, ReadIfThere(path));
  if (!json) return std::optional<RunReport>();
  ASSIGN_OR_RETURN_IN(RunReport report, DecodeRunReport(*json), path);
  return std::optional<RunReport>(std::move(report));
}

absl::StatusOr<std::optional<KeptVerdict>> ReadVerdict(const std::string& kb,
                                                       const std::string& snapshot) {
  const std::string path = GatePath(kb, snapshot);
  ASSIGN_OR_RETURN(const std::optional<std::string> json, ReadIfThere(path));
  if (!json) return std::optional<KeptVerdict>();
  ASSIGN_OR_RETURN_IN(KeptVerdict verdict, DecodeVerdict(*json), path);
  return std::optional<KeptVerdict>(std::move(verdict));
}

absl::Status RemoveReports(const std::string& kb, const std::string& snapshot) {
  RETURN_IF_ERROR(RemoveAll(RunPath(kb, snapshot)));
  return RemoveAll(GatePath(kb, snapshot));
}

}  // namespace policykb
