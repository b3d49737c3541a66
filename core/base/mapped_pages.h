// Pages of mapped files that have been read once and will hardly be read again.
//
// Not for memory of one's own. Any thread.

#ifndef POLICYKB_CORE_BASE_MAPPED_PAGES_H_
#define POLICYKB_CORE_BASE_MAPPED_PAGES_H_

#include <string_view>

namespace policykb {

// Gives back the memory of the whole pages of `mapped`, a part of a mapped file; they can be read
// again, at the cost of fetching them.
void ReleasePages(std::string_view mapped);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_MAPPED_PAGES_H_
