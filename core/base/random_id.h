// RandomHex: letters that nobody can guess.
//
// From the system's generator for keys. For ids and marks that must not be foreseen; not for
// anything that is to be repeated. Any thread.

#ifndef POLICYKB_CORE_BASE_RANDOM_ID_H_
#define POLICYKB_CORE_BASE_RANDOM_ID_H_

#include <cstddef>
#include <string>

namespace policykb {

// 2 * bytes lower-case hexadecimal digits. REQUIRES: bytes <= 64.
std::string RandomHex(size_t bytes);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_RANDOM_ID_H_
