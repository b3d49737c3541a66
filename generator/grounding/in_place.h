// Differences in place: what a claim says otherwise than its source where it follows it word by
// word.
//
// Aligns the two texts and looks at the short gaps between stretches that both have: another
// quantity of the same kind, a negation more or less, another modal word, an opposite (above and
// below, valid and void). Says nothing about claims in other words. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_IN_PLACE_H_
#define POLICYKB_GENERATOR_GROUNDING_IN_PLACE_H_

#include <string_view>
#include <vector>

#include "generator/grounding/quantity.h"

namespace policykb {

enum class Difference {
  kNone,
  kQuantity,
  kPolarity,
  kTooLong,  // not compared
};

// Both texts are as NormalizeForMatch gives them, with their quantities (FindQuantities).
Difference FindDifferenceInPlace(std::string_view claim, const std::vector<Quantity>& stated,
                                 std::string_view source, const std::vector<Quantity>& known);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_IN_PLACE_H_
