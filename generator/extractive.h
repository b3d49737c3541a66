// Extractive answers: sentences of the passages themselves, verbatim, each cited.
//
// The answer without a model, and when the model fails. Chooses by the question's terms, weighted
// by how rare they are among the hits; keeps enumerations and tables whole, and a guide's section
// that is about what is asked for; the best hit dominates.
// Deterministic: same input, same bytes. Not for deciding whether to answer at all (refusal.h).
// Pure function, any thread.

#ifndef POLICYKB_GENERATOR_EXTRACTIVE_H_
#define POLICYKB_GENERATOR_EXTRACTIVE_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "policykb/v1/passage.pb.h"

namespace policykb {

struct Extract {
  const v1::Passage* passage = nullptr;
  Span span;  // of the passage's text: a sentence, an enumeration with its lead-in, a table, or all
              // of it
};

// How many of the first hits, by their scores in order, are as good as the first one for quoting:
// at most 4, none further than 2 below it (docs/grounding.md). At least 1 when there are scores.
size_t CountNearHits(std::span<const double> scores);

// What to quote from `hits`, best first, in reading order: by hit, then by place. Each of the first
// `near` is quoted unless it repeats what is, or misses the quantity that is asked for and another
// has; further extracts must add something. Empty only when no hit has text.
std::vector<Extract> ChooseExtracts(std::string_view question,
                                    const std::vector<const v1::Passage*>& hits, size_t near = 1);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_EXTRACTIVE_H_
