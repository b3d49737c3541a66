// FormatListNumber: the number of a list level as a word processor shows it.
//
// Formats are those of ISO/IEC 29500-1, 17.18.59 (ST_NumberFormat). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_LIST_NUMBERS_H_
#define POLICYKB_INDEXER_READERS_LIST_NUMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace policykb {

// `value` in that format; in Arabic digits where the format is unknown or ends before the value;
// empty for "none" and "bullet". REQUIRES: 0 <= value < 10^8.
std::string FormatListNumber(std::string_view format, int64_t value);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_LIST_NUMBERS_H_
