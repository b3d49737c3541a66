// Any bytes as a value: the text stays one line, and the JSON one object of the fields given.

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/log/log_line.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  policykb::LogLine line("fuzz");
  line.Add("name", value).AddMessage("message", value).Add("last", 1);
  const std::string text = line.ToText();
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
  }
  const nlohmann::json parsed = nlohmann::json::parse(line.ToJson(), nullptr, false);
  if (!parsed.is_object() || parsed.size() != 4 || parsed["last"] != 1) std::abort();
  return 0;
}
