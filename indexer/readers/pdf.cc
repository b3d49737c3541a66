#include <algorithm>
#include <string>
#include <utility>

#include "core/base/child_process.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "indexer/readers/pdf_text.h"
#include "indexer/readers/reader.h"

namespace policykb {
namespace {

using std::string_view;

constexpr const char* kPopplerPackage = "poppler-utils";
constexpr const char* kTesseractPackage = "tesseract-ocr with tesseract-ocr-chi-sim";
// Files may begin with other bytes (ISO 32000-1, annex H.3.4.1).
constexpr size_t kMarkWithin = 1024;
// A page of text has more characters; a stamp or a number on scanned pages has fewer.
constexpr size_t kMinCharsPerPage = 8;
// The long side of A4 at 300 dots per inch, whatever size a page says it has.
constexpr const char* kPixels = "3508";
constexpr uint64_t kImageBytes = uint64_t{64} << 20;

ChildCommand Command(const PdfOptions& options, const std::string& program,
                     std::vector<std::string> arguments, string_view input, const char* package) {
  ChildCommand command;
  command.program = program;
  command.arguments = std::move(arguments);
  command.input = input;
  command.debian_package = package;
  command.limits.wall_clock = options.timeout;
  command.limits.cpu_seconds =
      static_cast<uint64_t>(std::max<int64_t>(1, absl::ToInt64Seconds(options.timeout)));
  command.limits.memory_bytes = options.memory_bytes;
  command.limits.output_bytes = options.output_bytes;
  return command;
}

std::string Reason(const std::string& program, const ChildResult& result) {
  return Cat(program, ": exit code ", result.exit_code, result.last_error.empty() ? "" : ": ",
             result.last_error);
}

// Text as it is laid out: an indent tells a paragraph's beginning from a line that only goes on,
// which is lost in the order of the content (pdftotext -raw).
absl::StatusOr<std::string> ExtractText(string_view bytes, const PdfOptions& options) {
  ASSIGN_OR_RETURN(ChildResult result,
                   RunChild(Command(options, options.pdftotext,
                                    {"-layout", "-enc", "UTF-8", "-eol", "unix", "-", "-"}, bytes,
                                    kPopplerPackage)));
  if (result.exit_code == 0) return std::move(result.output);
  if (result.last_error.find("Incorrect password") != std::string::npos) {
    return absl::FailedPreconditionError("PDF file needs a password; save it without one");
  }
  return absl::InvalidArgumentError(Cat("damaged PDF file: ", Reason(options.pdftotext, result)));
}

struct TextLayer {
  size_t pages = 0;
  size_t chars = 0;    // without blanks
  size_t unknown = 0;  // of these, such as stand for no character
};

TextLayer Measure(string_view text) {
  TextLayer layer;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    if (c.code == '\f') ++layer.pages;
    if (c.code <= ' ') continue;
    ++layer.chars;
    if (c.code == 0xFFFD || (c.code >= 0xE000 && c.code <= 0xF8FF)) ++layer.unknown;
  }
  return layer;
}

// Between two Chinese characters tesseract sets a space, as between words.
std::string WithoutSpacesInHan(string_view text) {
  std::string out;
  char32_t last = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    if (c.code == ' ' && last >= 0x2E80 && at + 1 < text.size() &&
        DecodeChar(text, at + 1).code >= 0x2E80) {
      ++at;
      continue;
    }
    out += text.substr(at, c.size);
    last = c.code;
    at += c.size;
  }
  return out;
}

absl::StatusOr<std::string> RecognisePage(string_view bytes, const std::string& page,
                                          const PdfOptions& options) {
  ChildCommand render =
      Command(options, options.pdftoppm,
              {"-f", page, "-l", page, "-scale-to", kPixels, "-gray", "-"}, bytes, kPopplerPackage);
  render.limits.output_bytes = kImageBytes;
  ASSIGN_OR_RETURN(const ChildResult image, RunChild(render));
  if (image.exit_code != 0) {
    return absl::InvalidArgumentError(Reason(options.pdftoppm, image));
  }
  ASSIGN_OR_RETURN(const ChildResult text, RunChild(Command(options, options.tesseract,
                                                            {"stdin", "stdout", "-l", "chi_sim"},
                                                            image.output, kTesseractPackage)));
  if (text.exit_code != 0) {
    const bool no_language = text.last_error.find("any languages") != std::string::npos;
    return absl::FailedPreconditionError(
        no_language ? Cat(options.tesseract, ": cannot read Chinese, needed is the Debian package ",
                          "tesseract-ocr-chi-sim")
                    : Reason(options.tesseract, text));
  }
  return WithoutSpacesInHan(text.output);
}

absl::StatusOr<std::string> Recognise(string_view bytes, size_t pages, const PdfOptions& options) {
  if (pages > options.recognised_pages) {
    return absl::ResourceExhaustedError(Cat("scanned PDF file of ", pages,
                                            " pages: above the limit recognised_pages of ",
                                            options.recognised_pages));
  }
  std::string out;
  for (size_t page = 1; page <= pages; ++page) {
    ASSIGN_OR_RETURN_IN(const std::string text, RecognisePage(bytes, Cat(page), options),
                        Cat("page ", page));
    out += ReplaceAll(text, "\f", "\n");
    out += '\f';
  }
  return out;
}

}  // namespace

absl::StatusOr<CanonicalText> ReadPdf(string_view bytes, const PdfOptions& options) {
  if (bytes.substr(0, kMarkWithin).find("%PDF-") == string_view::npos) {
    return absl::InvalidArgumentError("no PDF file: it does not begin with %PDF-");
  }
  ASSIGN_OR_RETURN(std::string text, ExtractText(bytes, options));
  const TextLayer layer = Measure(text);
  const bool scanned = layer.chars < kMinCharsPerPage * std::max<size_t>(layer.pages, 1);
  const bool unreadable = layer.unknown * 10 > layer.chars;
  if (scanned || unreadable) {
    if (options.scanned == PdfOptions::Scanned::kRefuse) {
      return absl::InvalidArgumentError(
          scanned ? Cat("scanned PDF file: ", layer.chars, " characters of text on ", layer.pages,
                        " pages; its text has to be recognised (OCR) first, or here: "
                        "scanned = \"recognise\" in collection.toml")
                  : Cat("PDF file whose fonts do not say what they show: ", layer.unknown, " of ",
                        layer.chars, " characters are unknown"));
    }
    ASSIGN_OR_RETURN(text, Recognise(bytes, layer.pages, options));
  }
  return BlocksOfPages(text);
}

}  // namespace policykb
