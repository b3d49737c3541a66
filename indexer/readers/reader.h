// Readers: the bytes of a file of some format -> canonical text without markup, and the
// blocks it is made of.
//
// Canonical text is what spans refer to and what is quoted: UTF-8, one "\n" between blocks and at
// line ends that the author made, no blank lines, no markup. Not for what the words mean
// (indexer/structure). Linear in the size of the input whatever it holds. Pure functions, any
// thread.

#ifndef POLICYKB_INDEXER_READERS_READER_H_
#define POLICYKB_INDEXER_READERS_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/span.h"

namespace policykb {

enum class BlockKind : uint8_t {
  kHeading,
  kParagraph,
  kListEntry,  // begins with its mark, "- " or the number as written
  kTableRow,   // one line, "cell | cell"
};

struct Block {
  BlockKind kind = BlockKind::kParagraph;
  uint8_t level = 0;          // of a heading, 1 to 6
  bool table_header = false;  // a row that names the columns
  Span span;                  // in CanonicalText::text, without the line end, never empty
  uint32_t line = 0;          // where it begins in the file, from 1
};

struct FrontMatterEntry {
  enum class Kind : uint8_t { kScalar, kList, kOther };
  std::string key;
  Kind kind = Kind::kScalar;
  std::vector<std::string>
      values;         // one for a scalar, the scalar entries of a list, none for kOther
  uint32_t line = 0;  // in the file, from 1
};

struct CanonicalText {
  std::string text;
  std::vector<Block> blocks;  // in order, together all of `text` except line ends
  std::vector<FrontMatterEntry> front_matter;
  // Where the comment "INFO END", which closes the lines about a law's making in the LawRefBook
  // collection, stood: the number of blocks before it.
  std::optional<size_t> header_blocks;
};

// Markdown (CommonMark's blocks and marks with GitHub's tables, HTML mixed in), as used for laws
// and guides. Different from CommonMark on purpose: indented lines are no code blocks, list numbers
// stay as written, line ends inside a paragraph stay unless English text was wrapped there,
// emphasis marks need not stand at word boundaries of a script that has none, words inside HTML
// elements are text and may hold Markdown. Links keep their words, images go. Errors:
// InvalidArgument (bytes of no encoding: the offset; front matter that is no YAML: the line).
absl::StatusOr<CanonicalText> ReadMarkdown(std::string_view bytes);

// Plain text: no markup but optional YAML front matter.
// Errors: as ReadMarkdown.
absl::StatusOr<CanonicalText> ReadPlainText(std::string_view bytes);

// An HTML page as a browser shows it, without menus, page headers, forms and hidden elements.
// Tables of data become rows in which every cell is filled, tables for the layout vanish. The
// centred bold lines that a text begins with are its heading; <title> is only where the text has
// none. Errors: InvalidArgument (bytes of no encoding; a page above 32 MiB; with the line: elements
// nested too deeply or too many of them).
absl::StatusOr<CanonicalText> ReadHtml(std::string_view bytes);

// Word's .docx. List numbers are written out, footnotes follow their paragraph, heads and feet of
// pages and tables of contents go. Lines are numbers of paragraphs.
// Errors: InvalidArgument (no .docx: with what to do, if it is one of the older kind; XML that is
// none: with part and line), FailedPrecondition (encrypted), ResourceExhausted (a limit, with its
// name), DataLoss (damaged).
absl::StatusOr<CanonicalText> ReadDocx(std::string_view bytes);

struct PdfOptions {
  // What is done with a file of page images.
  enum class Scanned : uint8_t { kRefuse, kRecognise };
  Scanned scanned = Scanned::kRefuse;
  absl::Duration timeout = absl::Seconds(60);  // for the text layer; for each page recognised
  uint64_t memory_bytes = uint64_t{1} << 30;   // of each program
  uint64_t output_bytes = uint64_t{64} << 20;  // text
  uint32_t recognised_pages = 300;             // at most
  std::string pdftotext = "pdftotext";         // programs: names in PATH, or paths
  std::string pdftoppm = "pdftoppm";
  std::string tesseract = "tesseract";
};

// PDF, by pdftotext of poppler-utils as a child process. Lines that the page's width broke are
// joined, running heads and page numbers go, footnotes follow their paragraph. Lines are numbers of
// pages. Not for the reading order of pages with several columns: pdftotext's own is taken.
// Errors: InvalidArgument (no PDF file, damaged, no text layer), FailedPrecondition (needs a
// password; a program is not installed: with its Debian package), DeadlineExceeded,
// ResourceExhausted (a limit, with its name).
absl::StatusOr<CanonicalText> ReadPdf(std::string_view bytes, const PdfOptions& options = {});

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_READER_H_
