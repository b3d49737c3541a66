// Whether the difference of two systems over the same topics may be chance: the two-sided paired
// randomisation test (Smucker, Allan and Carterette 2007, section 3).
//
// Not for what differs (comparison.h). Pure function, any thread.

#ifndef POLICYKB_TOOLS_RANDOMIZATION_H_
#define POLICYKB_TOOLS_RANDOMIZATION_H_

#include <cstdint>
#include <span>

namespace policykb {

struct RandomizationOptions {
  // Sign assignments that are drawn where there are too many to try them all.
  uint64_t permutations = 100000;
  uint64_t seed = 20070601;
};

// Probability that a mean difference as large as that of `differences`, one per topic, or larger,
// of either sign, comes about when each topic's sign is left to a coin. Topics without a difference
// change nothing. All assignments are tried where they are no more than options.permutations; else
// as many are drawn, and the one observed counts as drawn too (Phipson and Smyth 2010), so that the
// result is never 0. The same input gives the same result. REQUIRES: finite values, permutations
// >= 1.
double RandomizationP(std::span<const double> differences,
                      const RandomizationOptions& options = {});

}  // namespace policykb

#endif  // POLICYKB_TOOLS_RANDOMIZATION_H_
