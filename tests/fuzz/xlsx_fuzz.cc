// Fuzz target: Excel files. An even first byte gives the rest as the archive; an odd one gives the
// XML parts, parted by zero bytes, in an archive that is right, so that they are reached.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "indexer/readers/sheet.h"
#include "tests/testing/zip_writer.h"

namespace {

using policykb::Cat;

std::string Framed(std::string_view input) {
  static constexpr std::string_view kNamespace =
      " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">";
  std::vector<std::string_view> parts = policykb::Split(input, '\0');
  parts.resize(3);
  return policykb::MakeZip(
      {{.name = "_rels/.rels",
        .content = "<r><Relationship Type=\"/officeDocument\" Target=\"w.xml\"/></r>"},
       {.name = "_rels/w.xml.rels",
        .content = "<r><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"1.xml\"/>"
                   "<Relationship Type=\"/sharedStrings\" Target=\"2.xml\"/>"
                   "<Relationship Type=\"/styles\" Target=\"3.xml\"/></r>"},
       {.name = "w.xml", .content = Cat("<w", kNamespace, "<sheet name=\"a\" id=\"a\"/></w>")},
       {.name = "1.xml", .content = Cat("<worksheet", kNamespace, parts[0], "</worksheet>")},
       {.name = "2.xml", .content = Cat("<sst", kNamespace, parts[1], "</sst>")},
       {.name = "3.xml", .content = Cat("<styleSheet", kNamespace, parts[2], "</styleSheet>")}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string framed = data[0] % 2 == 0 ? std::string(input) : Framed(input);
  const auto sheets = policykb::ReadXlsx(framed);
  if (!sheets.ok()) return 0;
  for (const policykb::Sheet& sheet : *sheets) {
    uint32_t line = 0;
    for (const policykb::SheetRow& row : sheet.rows) {
      if (row.line <= line || row.cells.empty()) std::abort();
      line = row.line;
      if (row.cells.size() > policykb::kMaxSheetColumns) std::abort();
    }
  }
  return 0;
}
