// Numbers as running text writes them: with decimals, thousands and multipliers, in ASCII or
// Chinese.
//
// Goes beyond core/text/numerals.h, which reads whole numerals only; reads no units. For
// quantity.cc. Text is as NormalizeForMatch gives it. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_NUMBER_H_
#define POLICYKB_GENERATOR_GROUNDING_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policykb {

struct Number {
  // Decimal digits without leading zeros, and without trailing ones behind the point.
  std::string value = {};
  size_t size = 0;  // bytes read
  bool ascii = false;
  bool one_char = false;  // one Chinese character
  int64_t integer = -1;   // -1 when not whole or too large
};

// The number at the beginning of `text`: 1,500; 1.5 wan; san dian wu.
std::optional<Number> ConsumeNumber(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_NUMBER_H_
