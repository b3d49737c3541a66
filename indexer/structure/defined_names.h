// DefinedNames: the short names that a document's text gives to the document itself.
//
//   ... gui ding "yi xia jian cheng she bao fa" in brackets behind the document's own title
//   This Act may be cited as the Noise Act 2019.
//   the Personal Information Protection Law (PIPL)
//
// What a text calls other texts, and names that hold inside it only ("the Regulation"), are none.
// Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_DEFINED_NAMES_H_
#define POLICYKB_INDEXER_STRUCTURE_DEFINED_NAMES_H_

#include <string>
#include <vector>

#include "core/snapshot/records.h"

namespace policykb {

// Ascending, each once, without quotation marks; none equals the title.
std::vector<std::string> DefinedNames(const Document& document);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_DEFINED_NAMES_H_
