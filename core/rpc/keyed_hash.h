// HmacSha256: what only the holder of a key can say of a text (RFC 2104, FIPS 180-4).
//
// For marks that are checked later and for ids that tell nothing. Not for keys of callers
// (api_key.h). Pure functions, any thread.

#ifndef POLICYKB_CORE_RPC_KEYED_HASH_H_
#define POLICYKB_CORE_RPC_KEYED_HASH_H_

#include <string>
#include <string_view>

namespace policykb {

// 64 lower-case hexadecimal digits.
std::string HmacSha256(std::string_view key, std::string_view text);

// Whether both are the same; takes as long wherever they differ.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_KEYED_HASH_H_
