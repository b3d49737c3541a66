// Fuzz target: normalisation and analysis of any bytes. Terms are well formed and stand in the
// text, in order.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/analyzer.h"
#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string normal = policykb::NormalizeForMatch(text);
  Require(policykb::FirstInvalidUtf8(normal) == std::string_view::npos);
  uint32_t end = 0;
  for (const policykb::NormalizedChar& c : policykb::NormalizeChars(text)) {
    Require(c.source.start <= c.source.end && c.source.end <= size && c.source.end >= end);
    end = c.source.end;
  }
  uint32_t start = 0;
  for (const policykb::Term& term : policykb::Analyze(text)) {
    Require(!term.text.empty() && term.text.size() <= 64);
    Require(policykb::FirstInvalidUtf8(term.text) == std::string_view::npos);
    Require(term.span.start >= start && term.span.start < term.span.end && term.span.end <= size);
    start = term.span.start;
  }
  return 0;
}
