// Extractive answers: sentences of the passages themselves, verbatim, each cited.
//
// The answer without a model, and when the model fails. Chooses by the question's terms, weighted
// by how rare they are among the hits; keeps enumerations and tables whole; the best hit dominates.
// Deterministic: same input, same bytes. Not for deciding whether to answer at all (refusal.h).
// Pure function, any thread.

#ifndef POLICYKB_GENERATOR_EXTRACTIVE_H_
#define POLICYKB_GENERATOR_EXTRACTIVE_H_

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

// What to quote from `hits`, best first, in reading order: by hit, then by place. Empty only when
// no hit has text.
std::vector<Extract> ChooseExtracts(std::string_view question,
                                    const std::vector<const v1::Passage*>& hits);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_EXTRACTIVE_H_
