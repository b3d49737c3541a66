// MakeZip: small zip archives for tests of what reads them.
//
// Also such as no program writes. Pure functions, any thread.

#ifndef POLICYKB_TESTS_TESTING_ZIP_WRITER_H_
#define POLICYKB_TESTS_TESTING_ZIP_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct ZipFileEntry {
  std::string name;
  std::string content = {};  // stored as it is, unless `zeros`
  // Where not 0: the content is this many zero bytes instead, deflated to about a 158th.
  size_t zeros = 0;
  bool encrypted = false;                    // says that it is
  std::optional<uint32_t> stated_size = {};  // what the headers say instead of its size
};

std::string MakeZip(const std::vector<ZipFileEntry>& entries);

// A .docx of these parts of document.xml: `body` stands inside w:body. `others` are more entries,
// word/styles.xml, word/numbering.xml and word/footnotes.xml among them are referred to.
std::string MakeDocx(std::string_view body, const std::vector<ZipFileEntry>& others = {});

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_ZIP_WRITER_H_
