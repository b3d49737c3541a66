// Lines and sentences of a passage with the part they play: lead-in, enumerated line, table row,
// plain sentence.
//
// Shared by the extractive answerer, which keeps enumerations and tables whole, and by grounding,
// which reads an enumerated line together with its lead-in. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_TEXT_BLOCKS_H_
#define POLICYKB_GENERATOR_TEXT_BLOCKS_H_

#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

enum class SentenceRole {
  kPlain,
  kHeading,     // a Markdown heading line
  kLeadIn,      // ends in a colon and is followed by enumerated lines or a table
  kEnumerated,  // in a line that begins with an enumerator: (yi), 1., yi, - and their like
  kTableRow,    // in a line that begins with a bar, or has one between spaces
};

struct RoleSentence {
  Span span;
  SentenceRole role = SentenceRole::kPlain;
  // Index of the lead-in or of the table's first row that this sentence hangs on; its own index
  // where there is none.
  size_t hangs_on = 0;
};

// Sentences of `text` as SplitSentences gives them, with their roles.
std::vector<RoleSentence> FindSentenceRoles(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_TEXT_BLOCKS_H_
