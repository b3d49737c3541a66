// Fuzz target: a gate file of any bytes is read or refused with a line, and what is read keeps its
// bounds.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/gate_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto rules = policykb::ParseGateFile(text, "gate.toml");
  if (!rules.ok()) return 0;
  for (const policykb::MeasureRule& measure : rules->measures) {
    for (const policykb::FigureRule& figure : measure.figures) {
      if (figure.floor && !(*figure.floor >= 0 && *figure.floor <= 1)) std::abort();
    }
  }
  for (const policykb::PairRule& pair : rules->pairs) {
    if (pair.k < 1 || pair.k > policykb::kMaxHits || pair.labels.empty()) std::abort();
  }
  return 0;
}
