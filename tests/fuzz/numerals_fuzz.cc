// Numerals of any bytes: sizes stay inside the text and a whole numeral reads as its value.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text/numerals.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& numeral :
       {policykb::ConsumeNumeral(text), policykb::ConsumeSpacedNumeral(text)}) {
    if (!numeral) continue;
    if (numeral->size == 0 || numeral->size > size || numeral->value < 0) std::abort();
  }
  if (const auto numeral = policykb::ConsumeNumeral(text)) {
    const auto whole = policykb::ParseNumeral(text.substr(0, numeral->size));
    // A lone capital needs what it counts behind it or the end of the text.
    if (!whole || *whole != numeral->value) std::abort();
    if (numeral->value < 100'000'000) {
      const std::string formatted = policykb::FormatChineseNumeral(numeral->value);
      if (policykb::ParseNumeral(formatted) != numeral->value) std::abort();
    }
  }
  return 0;
}
