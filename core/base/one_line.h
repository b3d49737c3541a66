// OneLine: text of unknown origin as a part of a message.
//
// Not for text that is stored or searched. Pure function, any thread.

#ifndef POLICYKB_CORE_BASE_ONE_LINE_H_
#define POLICYKB_CORE_BASE_ONE_LINE_H_

#include <string>
#include <string_view>

namespace policykb {

// `text` with control characters as "\n", "\t" or "\x1B", and no more than about 1000 bytes of it,
// whole UTF-8 characters, then "...". A line that it made stays as it is.
std::string OneLine(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_ONE_LINE_H_
