// Quantities of running text in a form that can be compared: numbers with their units, dates,
// telephone numbers, clock times and provision numbers, Chinese and English.
//
// For checking that what an answer says stands in the passage it cites: ershi ri is 20 ri, 1 wan
// yuan is 10000 yuan, baifenzhi san is 3 %, liang nian is 2 nian; one year is not 365 days, and a
// working day is not a day. Nothing is computed. Not for finding provisions to search for
// (core/text/provision_reference.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_QUANTITY_H_
#define POLICYKB_GENERATOR_GROUNDING_QUANTITY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

enum class QuantityKind : uint8_t {
  kMeasure,    // value with unit; the unit may be empty
  kDate,       // year, month, day, each 0 where not said
  kPhone,      // digits in value
  kClock,      // minutes since midnight in value
  kProvision,  // value (with "-suffix") and tiao, kuan, xiang, mu, zhang, jie or bian in unit
};

// Which side of the value is meant.
enum class Bound : uint8_t { kNone, kAtLeast, kAtMost };

struct Quantity {
  QuantityKind kind = QuantityKind::kMeasure;
  std::string value = {};  // decimal digits, no leading zeros, no trailing zeros behind the point;
                           // fractions as "2/3"
  std::string unit = {};   // canonical; empty when there is none, or one that only counts things
  Bound bound = Bound::kNone;
  int year = 0;
  int month = 0;
  int day = 0;
  Span span = {};  // in the text that was read
};

// Quantities of `normalized` (as NormalizeForMatch gives it), in order, not overlapping. A Chinese
// numeral of one character counts only before a unit, and yi ("one") only before a unit that
// measures: "yi ban" and "yi ge" say no number. Numerals of list marks at the beginning of a line,
// and numerals alone in brackets, are left out.
std::vector<Quantity> FindQuantities(std::string_view normalized);

// True when `stated` says nothing that `source` does not: same kind, value and unit, no opposite
// bound; of a date, every part that `stated` names. A quantity without unit agrees with one that
// only counts things.
bool Agrees(const Quantity& stated, const Quantity& source);

// `normalized` with the bytes of the quantities made spaces.
std::string MaskQuantities(std::string_view normalized, const std::vector<Quantity>& quantities);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_QUANTITY_H_
