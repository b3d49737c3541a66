// Any bytes: what is said is text, without brackets and marks of citations, and not without end.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text/utf8.h"
#include "tools/kiosk_example/spoken_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string said = policykb::SpokenText(text);
  if (policykb::FirstInvalidUtf8(said) != std::string::npos) std::abort();
  if (said.find_first_of("[]<>*`|\n") != std::string::npos) std::abort();
  for (const std::string_view mark : {"《", "》", "【", "】", "（", "）"}) {
    if (said.find(mark) != std::string::npos) std::abort();
  }
  // "percent" and "section" are the longest words in the place of one character.
  if (said.size() > 16 * size + 16) std::abort();
  return 0;
}
