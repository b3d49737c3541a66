// Fuzz target: sentence spans of any bytes are in order, not empty, inside the text, and hold no
// line feed.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/sentences.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  uint32_t end = 0;
  for (const policykb::Span span : policykb::SplitSentences(text)) {
    const bool in_order = span.start >= end && span.start < span.end && span.end <= size;
    if (!in_order || policykb::Slice(text, span).find('\n') != std::string_view::npos) std::abort();
    end = span.end;
  }
  return 0;
}
