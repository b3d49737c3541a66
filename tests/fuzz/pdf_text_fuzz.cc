// Fuzz target: what pdftotext may print -> blocks, which are together all of the text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/utf8.h"
#include "indexer/readers/pdf_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = policykb::BlocksOfPages({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) return 0;
  if (policykb::FirstInvalidUtf8(read->text) != std::string_view::npos) std::abort();
  size_t at = 0;
  for (const policykb::Block& block : read->blocks) {
    if (block.span.start != at || block.span.empty() || block.span.end > read->text.size()) {
      std::abort();
    }
    at = block.span.end + 1;
  }
  if (!read->blocks.empty() && at != read->text.size() + 1) std::abort();
  return 0;
}
