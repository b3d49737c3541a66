// Numbers as people read them in reports.
//
// Not for files that programs read. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_NUMBERS_H_
#define POLICYKB_TOOLS_NUMBERS_H_

#include <string>

namespace policykb {

// With so many digits behind the point.
std::string Decimals(double value, int digits);
// The same with its sign; +0.0 for what rounds to nothing.
std::string SignedDecimals(double value, int digits);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_NUMBERS_H_
