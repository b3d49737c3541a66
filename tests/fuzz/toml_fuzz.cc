// ParseToml on any bytes: a tree of bounded depth whose lines are those of the input, or an error
// that names one.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/toml/toml.h"

namespace {

void Check(const policykb::TomlTable& table, uint32_t lines, int depth) {
  if (depth > 1000) std::abort();
  for (const policykb::TomlEntry& entry : table.entries) {
    if (entry.line == 0 || entry.line > lines) std::abort();
    if (table.Find(entry.key) != &entry) std::abort();
    Check(entry.value.table, lines, depth + 1);
    for (const policykb::TomlValue& element : entry.value.array) {
      if (element.line > lines) std::abort();
      Check(element.table, lines, depth + 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const auto table = policykb::ParseToml(text);
  if (table.ok()) {
    Check(*table, lines, 0);
  } else if (!std::string(table.status().message()).starts_with("line ")) {
    std::abort();
  }
  return 0;
}
