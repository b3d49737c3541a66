// Which documents are revisions of one text, by title, kind, language, region and issuer. The rules
// are in revisions.h.
//
// Not for their dates and what follows from them. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_REVISION_TITLES_H_
#define POLICYKB_INDEXER_REVISION_TITLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/records.h"

namespace policykb {

// Title under which revisions of one text meet.
std::string RevisionTitle(std::string_view title);

// Groups of two documents and more that are revisions of one text. Documents of one title that are
// taken for different texts although region or issuer leaves a doubt are named in `problems`.
std::vector<std::vector<Document*>> GroupRevisions(const std::vector<Document*>& documents,
                                                   std::vector<std::string>& problems);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_REVISION_TITLES_H_
