// Any bytes: what is left has no digits in one piece that are a number of a person, or too many to
// be anything else.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/personal_number.h"
#include "core/text/redaction.h"

namespace {

void CheckDigits(const std::string& redacted) {
  constexpr size_t kLongest = 12;
  std::vector<int> digits;
  for (const char c : redacted + " ") {
    if (c >= '0' && c <= '9') {
      digits.push_back(c - '0');
      continue;
    }
    const bool personal = policykb::FormOf(digits, false) != policykb::PersonalNumber::kNone;
    if (digits.size() > kLongest || (digits.size() >= 7 && personal)) std::abort();
    digits.clear();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckDigits(policykb::RedactPersonalNumbers(bytes));
  CheckDigits(policykb::RedactMessage(bytes));
  return 0;
}
