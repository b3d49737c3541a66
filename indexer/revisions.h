// Revisions: what documents say of each other (supersedes) turned into validity and successors.
//
// Not for what one text says of itself (structure/metadata). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_REVISIONS_H_
#define POLICYKB_INDEXER_REVISIONS_H_

#include <string>
#include <vector>

#include "core/snapshot/records.h"

namespace policykb {

// Fills superseded_by of every replaced document and ends its validity where its successor begins
// (valid_from, else promulgated_on) unless it ends earlier by its own word. Returns one line for
// each reference that leads nowhere, to the document itself, round in a circle, or to a successor
// without a date; such references change nothing. REQUIRES: ids are unique.
std::vector<std::string> LinkRevisions(const std::vector<Document*>& documents);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_REVISIONS_H_
