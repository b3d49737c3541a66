#include "tools/commands.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/ranking_file.h"
#include "tools/evaluate_page.h"
#include "tools/evaluate_report.h"
#include "tools/printing.h"

namespace policykb {

namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(10);
constexpr std::string_view kProvisionsPart = "/provisions/";

absl::Status ShowNamed(RetrieverAccess& access, const std::string& words,
                       const std::string& as_of_date, OutputForm form) {
  v1::SearchRequest request;
  request.set_query(words);
  request.set_as_of_date(as_of_date);
  request.set_explain(true);
  request.mutable_filter()->set_include_not_in_force(as_of_date.empty());
  ASSIGN_OR_RETURN(const v1::SearchResponse response,
                   access.Search(request, absl::Now() + kCallLimit));
  v1::BatchGetPassagesResponse named;
  for (const v1::Hit& hit : response.hits()) {
    if (hit.explanation().resolved_reference()) *named.add_passages() = hit.passage();
  }
  if (named.passages().empty()) {
    return absl::NotFoundError(
        Cat("\"", words, "\" names no article of this knowledge base; expected ",
            "documents/{document}, documents/{document}/provisions/{address} or a title and an ",
            "article"));
  }
  if (form == OutputForm::kJson) {
    Print(ToJson(named));
    return absl::OkStatus();
  }
  for (const v1::Passage& passage : named.passages()) Print(Cat(PassageForPeople(passage), "\n"));
  return absl::OkStatus();
}

absl::StatusOr<SearcherOptions> OptionsOf(const Target& target) {
  SearcherOptions options;
  ASSIGN_OR_RETURN(options.ranking, ReadRanking(target.ranking));
  options.everyday_words = target.everyday_words;
  return options;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RetrieverAccess>> OpenTarget(const Target& target) {
  if (target.kb.empty() == target.retriever.empty()) {
    return absl::InvalidArgumentError("expected exactly one of --kb DIR and --retriever HOST:PORT");
  }
  if (target.kb.empty() && !target.snapshot.empty())
    return absl::InvalidArgumentError("--snapshot: expected together with --kb DIR");
  if (target.kb.empty() && !target.ranking.empty())
    return absl::InvalidArgumentError("--ranking: expected together with --kb DIR");
  if (target.kb.empty()) {
    ChannelOptions channel = target.channel;
    channel.address = target.retriever;
    return MakeRemoteAccess(channel);
  }
  ASSIGN_OR_RETURN(SearcherOptions options, OptionsOf(target));
  ASSIGN_OR_RETURN(std::shared_ptr<const LocalSearcher> searcher,
                   OpenSearcher(target.kb, target.snapshot, std::move(options)));
  return MakeLocalAccess(std::move(searcher), target.labels);
}

absl::Status RunSearch(const Target& target, const v1::SearchRequest& request, OutputForm form) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RetrieverAccess> access, OpenTarget(target));
  ASSIGN_OR_RETURN(const v1::SearchResponse response,
                   access->Search(request, absl::Now() + kCallLimit));
  if (form == OutputForm::kJson) {
    Print(ToJson(response));
    return absl::OkStatus();
  }
  Print(HitsForPeople(response));
  if (request.explain()) {
    Print(FilterForPeople(request.filter(), target.kb.empty() ? CallerLabels() : target.labels));
  }
  return absl::OkStatus();
}

absl::Status RunShow(const Target& target, const std::string& what, const std::string& as_of_date,
                     ShowPart part, OutputForm form) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RetrieverAccess> access, OpenTarget(target));
  const bool is_document =
      what.starts_with("documents/") && what.find(kProvisionsPart) == std::string::npos;
  if (part == ShowPart::kMetadata && !is_document) {
    return absl::InvalidArgumentError(
        Cat("\"", what, "\" with --metadata, expected documents/{document}"));
  }
  if (!what.starts_with("documents/")) return ShowNamed(*access, what, as_of_date, form);
  if (!is_document) {
    v1::BatchGetPassagesRequest request;
    request.add_names(what);
    request.set_as_of_date(as_of_date);
    ASSIGN_OR_RETURN(const v1::BatchGetPassagesResponse response,
                     access->BatchGetPassages(request));
    Print(form == OutputForm::kJson ? ToJson(response) : PassageForPeople(response.passages(0)));
    return absl::OkStatus();
  }
  v1::GetDocumentRequest request;
  request.set_name(what);
  request.set_as_of_date(as_of_date);
  ASSIGN_OR_RETURN(const v1::GetDocumentResponse response, access->GetDocument(request));
  if (form == OutputForm::kJson) {
    Print(ToJson(response));
  } else {
    Print(part == ShowPart::kMetadata ? MetadataForPeople(response.document())
                                      : DocumentForPeople(response.document()));
  }
  return absl::OkStatus();
}

absl::Status RunInspect(const Target& target, InspectDepth depth, OutputForm form) {
  if (target.kb.empty()) {
    ASSIGN_OR_RETURN(const std::unique_ptr<RetrieverAccess> access, OpenTarget(target));
    ASSIGN_OR_RETURN(const v1::GetSnapshotResponse response, access->GetSnapshot());
    Print(ToJson(response));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot,
                   OpenSnapshot(target.kb, target.snapshot));
  if (depth == InspectDepth::kVerify) RETURN_IF_ERROR(snapshot->Verify());
  const Manifest& manifest = snapshot->manifest();
  if (form == OutputForm::kJson) {
    Print(EncodeManifest(manifest));
    return absl::OkStatus();
  }
  std::string text =
      Cat("snapshot: ", manifest.id, "\npublished: ", manifest.published_at,
          "\nformat version: ", manifest.format_version, "\ndocuments: ", manifest.documents,
          "\npassages: ", manifest.passages, "\ncontent digest: ", manifest.content_digest,
          "\nanalyzer: ", manifest.analyzer_fingerprint,
          "\nembedder: ", manifest.embedder_fingerprint, ", ", manifest.dimension, " components\n");
  for (size_t i = 0; i < manifest.segments.size(); ++i) {
    const SegmentEntry& entry = manifest.segments[i];
    const Segment& segment = *snapshot->segments()[i];
    text +=
        Cat("segment ", entry.id, ": ", entry.passages, " passages, ", entry.dead_documents.size(),
            " dead, ", segment.passages().terms(), " terms, vectors ",
            segment.vectors().has_graph() ? "with a graph" : "scanned exactly", "\n");
    for (const FileEntry& file : entry.files)
      text += Cat("  ", file.path, "  ", file.size_bytes, " bytes\n");
  }
  if (depth == InspectDepth::kVerify)
    text += "verified: every checksum, list and record is sound\n";
  Print(text);
  return absl::OkStatus();
}

absl::Status RunEvaluate(const Target& target, const EvaluateOptions& options, OutputForm form) {
  std::unique_ptr<RetrieverAccess> remote;
  std::shared_ptr<const LocalSearcher> searcher;
  AccessByLabels access;
  if (target.kb.empty()) {
    ASSIGN_OR_RETURN(remote, OpenTarget(target));
    access = [&remote](const CallerLabels&) -> RetrieverAccess& { return *remote; };
  } else {
    ASSIGN_OR_RETURN(SearcherOptions searching, OptionsOf(target));
    ASSIGN_OR_RETURN(searcher, OpenSearcher(target.kb, target.snapshot, std::move(searching)));
    access = MakeAccessByLabels(searcher);
  }
  ASSIGN_OR_RETURN(const EvaluateReport report,
                   Evaluate(access, searcher ? &searcher->snapshot() : nullptr, options));
  if (!options.html.empty()) {
    if (report.topics.empty()) {
      return absl::InvalidArgumentError(
          Cat("--html ", options.html, ": expected topics that are in the judgements"));
    }
    const std::string run_name =
        searcher ? Cat(target.kb, ", snapshot ", searcher->snapshot().manifest().id)
                 : target.retriever;
    RETURN_IF_ERROR(WriteFileAtomically(options.html, EvaluatePage(report, options, run_name)));
  }
  Print(form == OutputForm::kJson ? EvaluateReportJson(report, options)
                                  : EvaluateReportText(report, options));
  return absl::OkStatus();
}

}  // namespace policykb
