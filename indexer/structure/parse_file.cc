#include "indexer/structure/parse_file.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/head_table.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/parse_text.h"
#include "indexer/structure/sidecar.h"

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

absl::StatusOr<CanonicalText> ReadFormat(string_view extension, const SourceFile& file) {
  const string_view bytes = file.bytes;
  if (extension == "txt") return ReadPlainText(bytes);
  if (extension.starts_with("htm")) return ReadHtml(bytes);
  if (extension == "docx") return ReadDocx(bytes);
  if (extension == "pdf") {
    PdfOptions options;
    if (file.collection != nullptr) options.scanned = file.collection->scanned;
    return ReadPdf(bytes, options);
  }
  if (extension == "doc") {
    return absl::UnimplementedError(
        "format 'doc' is not read; open it in Word or LibreOffice and save it as .docx");
  }
  return ReadMarkdown(bytes);
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

absl::StatusOr<std::vector<ParsedDocument>> Parse(const SourceFile& file) {
  const std::string extension = Extension(file.relative_path);
  if (!IsReadableFormat(file.relative_path)) {
    return absl::UnimplementedError(Cat("format '", extension,
                                        "' is not read; md, markdown, txt, html, htm, docx, pdf, "
                                        "csv and xlsx are"));
  }
  if (file.bytes.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(
        Cat("file of ", file.bytes.size(), " bytes, at most ", kMaxFileBytes));
  }
  if (extension == "csv" || extension == "xlsx") {
    ASSIGN_OR_RETURN(const std::vector<Sheet> sheets,
                     extension == "csv" ? ReadCsv(file.bytes) : ReadXlsx(file.bytes));
    return ParseServiceList(file, sheets);
  }
  ASSIGN_OR_RETURN(const Sidecar sidecar, ReadDeclared(file));
  ASSIGN_OR_RETURN(CanonicalText source, ReadFormat(extension, file));
  if (IsForeignFrontMatter(source.front_matter)) PutDescriptionFirst(source);
  const std::vector<HeadField> head = TakeHeadTable(source);
  if (source.text.empty()) return absl::InvalidArgumentError("no text");

  std::vector<Remark> name_remarks;
  const std::vector<FrontMatterEntry> by_name = DeclaredByName(file, name_remarks);
  const std::vector<FrontMatterEntry> front_matter = std::move(source.front_matter);
  const MetadataLayer layers[] = {
      CollectionLayer(file),
      {kFromPath, "file name", &by_name},
      {kFromFrontMatter, "", &front_matter},
      {kFromSidecar, SidecarName(file.relative_path), &sidecar.entries}};
  ASSIGN_OR_RETURN(ParsedDocument parsed,
                   ParseText(file, layers, sidecar.provisions, head, std::move(source)));
  AddRemarks(std::move(name_remarks), parsed);
  std::vector<ParsedDocument> documents;
  documents.push_back(std::move(parsed));
  return documents;
}

}  // namespace

bool IsReadableFormat(string_view relative_path) {
  const std::string extension = Extension(relative_path);
  return extension == "md" || extension == "markdown" || extension == "txt" ||
         extension == "html" || extension == "htm" || extension == "docx" || extension == "doc" ||
         extension == "pdf" || extension == "csv" || extension == "xlsx";
}

absl::StatusOr<std::vector<ParsedDocument>> ParseFile(const SourceFile& file) {
  absl::StatusOr<std::vector<ParsedDocument>> parsed = Parse(file);
  if (parsed.ok()) return parsed;
  // It may quote what stands in the file.
  const absl::Status& status = parsed.status();
  return absl::Status(status.code(), OneLine(std::string(status.message())));
}

}  // namespace policykb
