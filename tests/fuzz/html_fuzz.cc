// The HTML reader on any bytes: blocks tile the canonical text, which holds no control characters.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/utf8.h"
#include "indexer/readers/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = policykb::ReadHtml(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) return 0;
  size_t at = 0;
  for (const policykb::Block& block : read->blocks) {
    if (at > 0 && read->text[at++] != '\n') std::abort();
    if (block.span.start != at || block.span.end <= at) std::abort();
    if (block.level > 6 || block.line == 0) std::abort();
    at = block.span.end;
  }
  if (at != read->text.size()) std::abort();
  if (policykb::FirstInvalidUtf8(read->text) != std::string_view::npos) std::abort();
  for (const char c : read->text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') std::abort();
  }
  return 0;
}
