#include "indexer/structure/parse_text.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/provision_reference.h"
#include "indexer/structure/file_name_pattern.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/metadata.h"
#include "indexer/structure/outline.h"
#include "indexer/structure/passages.h"
#include "indexer/structure/provision_settings.h"
#include "indexer/structure/quality.h"
#include "indexer/structure/visibility.h"

namespace policykb {
namespace {

using std::string_view;

// What names of files say whose collection declares nothing.
const FileNamePattern& UndeclaredPattern() {
  static const auto& pattern =
      *new absl::StatusOr<FileNamePattern>(FileNamePattern::Parse("{title}({version}).{*}"));
  return *pattern;
}

// Narrows the document's labels to those that its collection allows.
absl::Status BoundVisibility(const SourceFile& file, Document& document,
                             std::vector<Remark>& remarks) {
  if (file.collection == nullptr || !file.collection->visibility_bound) return absl::OkStatus();
  const std::vector<std::string>& bound = *file.collection->visibility_bound;
  // A document that says nothing has its collection's labels already.
  NarrowedLabels narrowed = NarrowLabels(document.visibility, bound);
  for (const std::string& label : narrowed.widened) {
    remarks.push_back({RemarkKind::kWidenedVisibility, 0,
                       Cat("visibility ", label, " is no label of the collection, left out")});
  }
  if (narrowed.labels.empty()) {
    return absl::InvalidArgumentError(Cat("visibility ", Join(document.visibility, ", "),
                                          ": the collection allows none but ", Join(bound, ", ")));
  }
  document.visibility = std::move(narrowed.labels);
  return absl::OkStatus();
}

uint32_t FirstArticle(const std::vector<Provision>& provisions) {
  const auto first = std::find_if(provisions.begin(), provisions.end(), [](const Provision& p) {
    return p.level == ProvisionLevel::kArticle;
  });
  if (first == provisions.end()) return 0;
  const auto label = ConsumeArticleLabel(first->label);
  const int64_t number = label ? label->article.number : 1;
  return static_cast<uint32_t>(std::clamp<int64_t>(number, 1, UINT32_MAX));
}

}  // namespace

std::string SidecarName(string_view relative_path) {
  const size_t slash = relative_path.rfind('/');
  if (slash != string_view::npos) relative_path.remove_prefix(slash + 1);
  return Cat(relative_path, kSidecarSuffix);
}

absl::StatusOr<Sidecar> ReadDeclared(const SourceFile& file) {
  if (file.collection != nullptr && !file.collection->error.empty())
    return absl::InvalidArgumentError(file.collection->error);
  if (file.sidecar.empty()) return Sidecar();
  ASSIGN_OR_RETURN_IN(Sidecar sidecar, ReadSidecar(file.sidecar), SidecarName(file.relative_path));
  return sidecar;
}

MetadataLayer CollectionLayer(const SourceFile& file) {
  static const auto& none = *new std::vector<FrontMatterEntry>();
  return {kFromCollection, std::string(kCollectionFile),
          file.collection == nullptr ? &none : &file.collection->defaults};
}

void AddRemarks(std::vector<Remark> remarks, ParsedDocument& parsed) {
  for (Remark& remark : remarks) {
    remark.what = OneLine(remark.what);
    // A sheet without the columns has notes.
    const bool is_row = remark.kind == RemarkKind::kBadRow && remark.line > 0;
    std::vector<std::string>& told = is_row ? parsed.left_out : parsed.warnings;
    if (IsToldByBuild(remark.kind)) told.push_back(RemarkLine(remark));
    parsed.remarks.push_back(std::move(remark));
  }
}

absl::StatusOr<ParsedDocument> ParseText(const SourceFile& file,
                                         std::span<const MetadataLayer> layers,
                                         const std::vector<ProvisionSettings>& provisions,
                                         const std::vector<HeadField>& head, CanonicalText source) {
  ParsedDocument parsed;
  std::vector<Remark> remarks;
  Document& document = parsed.document;
  document.source_path = file.relative_path;
  RETURN_IF_ERROR(ApplyMetadata(layers, document, remarks));
  parsed.id_place = PlaceOf(layers, "id");
  document.supersedes_place = PlaceOf(layers, "supersedes");
  RETURN_IF_ERROR(BoundVisibility(file, document, remarks));

  const std::vector<TextLine> lines = SplitLines(source);
  const size_t header_lines = CountHeaderLines(source, lines);
  ASSIGN_OR_RETURN(Outline outline, BuildOutline(source.text, lines, header_lines));
  document.text = std::move(source.text);
  document.provisions = std::move(outline.provisions);
  document.first_article = FirstArticle(document.provisions);
  std::move(outline.remarks.begin(), outline.remarks.end(), std::back_inserter(remarks));
  const bool declared = file.collection != nullptr && file.collection->file_name;
  ApplyText(head, lines, header_lines, outline.has_articles,
            declared ? std::nullopt : UndeclaredPattern().Match(file.relative_path), document,
            remarks);
  // Sections with settings of their own, such as who may see them, stay apart.
  const bool join = document.kind == "guide" && provisions.empty();
  parsed.passages = CutPassages(document, lines, outline.owner,
                                join ? ShortSections::kJoin : ShortSections::kKeep);
  RETURN_IF_ERROR_IN(ApplyProvisionSettings(provisions, document, parsed.passages, remarks),
                     SidecarName(file.relative_path));
  ApplyProvisionClauses(document, parsed.passages);
  CheckStructure(document, lines, parsed.passages, remarks);
  AddRemarks(std::move(remarks), parsed);
  document.stated_validity = document.validity;
  document.stated_supersedes = document.supersedes;
  return parsed;
}

}  // namespace policykb
