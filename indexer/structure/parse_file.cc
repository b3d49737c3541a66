#include "indexer/structure/parse_file.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/head_table.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/metadata.h"
#include "indexer/structure/outline.h"
#include "indexer/structure/passages.h"

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

absl::StatusOr<CanonicalText> ReadFormat(string_view extension, string_view bytes) {
  if (extension == "txt") return ReadPlainText(bytes);
  if (extension.starts_with("htm")) return ReadHtml(bytes);
  if (extension == "docx") return ReadDocx(bytes);
  if (extension == "pdf") return ReadPdf(bytes);
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

}  // namespace

bool IsReadableFormat(string_view relative_path) {
  const std::string extension = Extension(relative_path);
  return extension == "md" || extension == "markdown" || extension == "txt" ||
         extension == "html" || extension == "htm" || extension == "docx" || extension == "doc" ||
         extension == "pdf";
}

absl::StatusOr<std::vector<ParsedDocument>> ParseFile(const SourceFile& file) {
  const auto& [relative_path, bytes, sidecar, collection] = file;
  if (!IsReadableFormat(relative_path)) {
    return absl::UnimplementedError(Cat("format '", Extension(relative_path),
                                        "' is not read; md, markdown, txt, html, htm, docx and "
                                        "pdf are"));
  }
  if (bytes.size() > kMaxFileBytes) {
    return absl::InvalidArgumentError(
        Cat("file of ", bytes.size(), " bytes, at most ", kMaxFileBytes));
  }
  ASSIGN_OR_RETURN(CanonicalText source, ReadFormat(Extension(relative_path), bytes));
  if (IsForeignFrontMatter(source.front_matter)) PutDescriptionFirst(source);
  const std::vector<HeadField> head = TakeHeadTable(source);
  if (source.text.empty()) return absl::InvalidArgumentError("no text");

  ParsedDocument parsed;
  Document& document = parsed.document;
  document.source_path = relative_path;
  RETURN_IF_ERROR(ApplyFrontMatter(source.front_matter, document, parsed.warnings));

  const std::vector<TextLine> lines = SplitLines(source);
  const size_t header_lines = CountHeaderLines(source, lines);
  ASSIGN_OR_RETURN(Outline outline, BuildOutline(source.text, lines, header_lines));
  document.text = std::move(source.text);
  document.provisions = std::move(outline.provisions);
  parsed.warnings.insert(parsed.warnings.end(), outline.warnings.begin(), outline.warnings.end());
  ApplyText(head, lines, header_lines, outline.has_articles, document, parsed.warnings);
  parsed.passages = CutPassages(document, lines, outline.owner);
  if (parsed.passages.empty()) {
    parsed.warnings.push_back(
        Cat("line ", lines.back().source_line, ": no passage, the text is headings only"));
  }
  document.stated_validity = document.validity;
  std::vector<ParsedDocument> documents;
  documents.push_back(std::move(parsed));
  return documents;
}

}  // namespace policykb
