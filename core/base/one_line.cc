#include "core/base/one_line.h"

#include <cstdio>

namespace policykb {

std::string OneLine(std::string_view text) {
  constexpr size_t kMostBytes = 1000;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool continues = (c & 0xC0) == 0x80;
    // Bytes that go on without end are no UTF-8.
    if (out.size() >= kMostBytes + (continues ? 3 : 0)) return out + "...";
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7F) {
      char buffer[8];
      std::snprintf(buffer, sizeof(buffer), "\\x%02X", static_cast<unsigned>(c));
      out += buffer;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace policykb
