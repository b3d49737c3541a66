// Fuzz target: Word files. An even first byte gives the rest as the archive; an odd one gives the
// XML parts, parted by zero bytes, in an archive that is right, so that they are reached.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "indexer/readers/reader.h"
#include "tests/testing/zip_writer.h"

namespace {

std::string Framed(std::string_view input) {
  static constexpr std::string_view kNamespace =
      " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">";
  const std::vector<std::string_view> parts = policykb::Split(input, '\0');
  std::vector<policykb::ZipFileEntry> others;
  const std::vector<std::string_view> names = {"styles", "numbering", "footnotes"};
  for (size_t i = 0; i < names.size() && i + 1 < parts.size(); ++i) {
    others.push_back({.name = policykb::Cat("word/", names[i], ".xml"),
                      .content = policykb::Cat("<w:", names[i], kNamespace, parts[i + 1],
                                               "</w:", names[i], ">")});
  }
  return policykb::MakeDocx(parts[0], others);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string framed = data[0] % 2 == 0 ? std::string(input) : Framed(input);
  const auto read = policykb::ReadDocx(framed);
  if (!read.ok()) return 0;
  if (policykb::FirstInvalidUtf8(read->text) != std::string_view::npos) std::abort();
  size_t at = 0;
  for (const policykb::Block& block : read->blocks) {
    if (block.span.start != at || block.span.empty()) std::abort();
    at = block.span.end + 1;
  }
  if (!read->blocks.empty() && at != read->text.size() + 1) std::abort();
  return 0;
}
