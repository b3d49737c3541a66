#include "tools/numbers.h"

#include <cstdio>

namespace policykb {

std::string Decimals(double value, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
  return buffer;
}

std::string SignedDecimals(double value, int digits) {
  std::string text = Decimals(value, digits);
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  if (text.front() == '-' && is_zero) text.erase(0, 1);
  return text.front() == '-' ? text : "+" + text;
}

}  // namespace policykb
