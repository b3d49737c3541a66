// Units, bounds and number words that quantities are written with.
//
// Tables for quantity.cc. All text is as NormalizeForMatch gives it. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_UNITS_H_
#define POLICYKB_GENERATOR_GROUNDING_UNITS_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "generator/grounding/quantity.h"

namespace policykb {

struct Unit {
  std::string_view spelling;
  std::string_view canonical;  // empty for one that only counts things
};

// The longest unit at the beginning of `text`, or nullptr.
const Unit* FindUnit(std::string_view text);

// What stands right behind and right before a quantity.
Bound BoundAfter(std::string_view text);
Bound BoundBefore(std::string_view text);

struct NumberWord {
  int value = 0;
  size_t size = 0;
};
// An English number in words below 10,000 at the beginning of `text`: "thirty-five", "two hundred".
std::optional<NumberWord> ConsumeNumberWords(std::string_view text);
// An English month name at the beginning of `text`; value 1 to 12.
std::optional<NumberWord> ConsumeMonthName(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_UNITS_H_
