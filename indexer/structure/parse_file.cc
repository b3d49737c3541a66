#include "indexer/structure/parse_file.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/provision_reference.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/metadata.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/outline.h"
#include "indexer/structure/passages.h"
#include "indexer/structure/provision_settings.h"
#include "indexer/structure/quality.h"
#include "indexer/structure/sidecar.h"
#include "indexer/structure/visibility.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxFileBytes = size_t{64} << 20;

std::string Extension(string_view path) {
  const size_t dot = path.rfind('.');
  const size_t slash = path.rfind('/');
  if (dot == string_view::npos || (slash != string_view::npos && dot < slash)) return "";
  std::string extension(path.substr(dot + 1));
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return extension;
}

// "a.md.meta.toml": the file as messages name it.
std::string SidecarName(string_view relative_path) {
  const size_t slash = relative_path.rfind('/');
  if (slash != string_view::npos) relative_path.remove_prefix(slash + 1);
  return Cat(relative_path, kSidecarSuffix);
}

// The summary in another system's front matter becomes the first paragraph of the text.
void PutDescriptionFirst(CanonicalText& source) {
  const auto entry = std::find_if(source.front_matter.begin(), source.front_matter.end(),
                                  [](const FrontMatterEntry& e) { return e.key == "description"; });
  if (entry == source.front_matter.end() || entry->kind != FrontMatterEntry::Kind::kScalar) return;
  const auto clean = CleanText(entry->values[0]);
  if (!clean.ok()) return;
  const std::string words = CleanHeading(ReplaceAll(*clean, "\n", " "));
  if (words.empty()) return;
  const auto shift = static_cast<uint32_t>(words.size() + (source.text.empty() ? 0 : 1));
  for (Block& block : source.blocks) {
    block.span.start += shift;
    block.span.end += shift;
  }
  source.text = source.text.empty() ? words : Cat(words, "\n", source.text);
  Block block;
  block.span.end = static_cast<uint32_t>(words.size());
  block.line = entry->line;
  source.blocks.insert(source.blocks.begin(), block);
  if (source.header_blocks) ++*source.header_blocks;
}

// What names of files say whose collection declares nothing.
const FileNamePattern& UndeclaredPattern() {
  static const auto& pattern =
      *new absl::StatusOr<FileNamePattern>(FileNamePattern::Parse("{title}({version}).{*}"));
  return *pattern;
}

// Metadata that the name of the file gives where its collection declares its form.
std::vector<FrontMatterEntry> DeclaredByName(const SourceFile& file, std::vector<Remark>& remarks) {
  std::vector<FrontMatterEntry> entries;
  if (file.collection == nullptr || !file.collection->file_name) return entries;
  const std::optional<FileNameValues> name = file.collection->file_name->Match(file.relative_path);
  if (!name) {
    remarks.push_back({RemarkKind::kFileName, 0,
                       Cat("name is not of the form ", file.collection->file_name->text())});
    return entries;
  }
  const auto add = [&entries](string_view key, std::string value) {
    if (value.empty()) return;
    entries.push_back({.key = std::string(key), .values = {std::move(value)}});
  };
  add("title", CleanHeading(name->title));
  add("document_number", name->number);
  add("region", name->region);
  if (name->version) add("valid_from", name->version->ToString());
  return entries;
}

// Sidecar over front matter over file name over collection.
absl::Status ApplyDeclared(const SourceFile& file,
                           const std::vector<FrontMatterEntry>& front_matter,
                           const Sidecar& sidecar, Document& document,
                           std::vector<Remark>& remarks) {
  static const auto& none = *new std::vector<FrontMatterEntry>();
  const std::vector<FrontMatterEntry> by_name = DeclaredByName(file, remarks);
  const MetadataLayer layers[] = {
      {kFromCollection, std::string(kCollectionFile),
       file.collection == nullptr ? &none : &file.collection->defaults},
      {kFromPath, "file name", &by_name},
      {kFromFrontMatter, "", &front_matter},
      {kFromSidecar, SidecarName(file.relative_path), &sidecar.entries}};
  RETURN_IF_ERROR(ApplyMetadata(layers, document, remarks));
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

// A text with its blocks -> the document. REQUIRES: the text is not empty.
absl::StatusOr<ParsedDocument> ParseText(const SourceFile& file, const Sidecar& sidecar,
                                         CanonicalText source) {
  ParsedDocument parsed;
  Document& document = parsed.document;
  document.source_path = file.relative_path;
  RETURN_IF_ERROR(ApplyDeclared(file, source.front_matter, sidecar, document, parsed.remarks));

  const std::vector<TextLine> lines = SplitLines(source);
  const size_t header_lines = CountHeaderLines(source, lines);
  ASSIGN_OR_RETURN(Outline outline, BuildOutline(source.text, lines, header_lines));
  document.text = std::move(source.text);
  document.provisions = std::move(outline.provisions);
  document.first_article = FirstArticle(document.provisions);
  std::move(outline.remarks.begin(), outline.remarks.end(), std::back_inserter(parsed.remarks));
  const bool declared = file.collection != nullptr && file.collection->file_name;
  ApplyText(lines, header_lines, outline.has_articles,
            declared ? std::nullopt : UndeclaredPattern().Match(file.relative_path), document,
            parsed.remarks);
  parsed.passages = CutPassages(document, lines, outline.owner);
  RETURN_IF_ERROR_IN(
      ApplyProvisionSettings(sidecar.provisions, document, parsed.passages, parsed.remarks),
      SidecarName(file.relative_path));
  ApplyProvisionClauses(document, parsed.passages);
  CheckStructure(document, lines, parsed.passages, parsed.remarks);
  for (const Remark& remark : parsed.remarks) {
    if (IsToldByBuild(remark.kind)) parsed.warnings.push_back(RemarkLine(remark));
  }
  document.stated_validity = document.validity;
  document.stated_supersedes = document.supersedes;
  return parsed;
}

absl::StatusOr<Sidecar> ReadSidecarOf(const SourceFile& file) {
  if (file.sidecar.empty()) return Sidecar();
  ASSIGN_OR_RETURN_IN(Sidecar sidecar, ReadSidecar(file.sidecar), SidecarName(file.relative_path));
  return sidecar;
}

}  // namespace

bool IsReadableFormat(string_view relative_path) {
  const std::string extension = Extension(relative_path);
  return extension == "md" || extension == "markdown" || extension == "txt";
}

absl::StatusOr<std::vector<ParsedDocument>> ParseFile(const SourceFile& file) {
  if (!IsReadableFormat(file.relative_path)) {
    return absl::UnimplementedError(
        Cat("format '", Extension(file.relative_path), "' is not read; md, markdown and txt are"));
  }
  if (file.bytes.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(
        Cat("file of ", file.bytes.size(), " bytes, at most ", kMaxFileBytes));
  }
  if (file.collection != nullptr && !file.collection->error.empty())
    return absl::InvalidArgumentError(file.collection->error);
  ASSIGN_OR_RETURN(const Sidecar sidecar, ReadSidecarOf(file));
  const bool plain = Extension(file.relative_path) == "txt";
  ASSIGN_OR_RETURN(CanonicalText source,
                   plain ? ReadPlainText(file.bytes) : ReadMarkdown(file.bytes));
  if (IsForeignFrontMatter(source.front_matter)) PutDescriptionFirst(source);
  if (source.text.empty()) return absl::InvalidArgumentError("no text");
  ASSIGN_OR_RETURN(ParsedDocument parsed, ParseText(file, sidecar, std::move(source)));
  std::vector<ParsedDocument> documents;
  documents.push_back(std::move(parsed));
  return documents;
}

}  // namespace policykb
