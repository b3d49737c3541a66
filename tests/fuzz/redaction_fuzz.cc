// Any bytes: what is left has no run of seven digits.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text/redaction.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string redacted = policykb::RedactPersonalNumbers(bytes);
  int digits = 0;
  for (const char c : redacted) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits >= 7) std::abort();
  }
  return 0;
}
