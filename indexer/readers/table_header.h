// NamesColumns: whether a table row can be its header.
//
// For readers of formats that do not say it. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_TABLE_HEADER_H_
#define POLICYKB_INDEXER_READERS_TABLE_HEADER_H_

#include <string>
#include <vector>

namespace policykb {

// True for short words in every one of at least two cells, all different, no numbers, no sentences.
bool NamesColumns(const std::vector<std::string>& cells);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_TABLE_HEADER_H_
