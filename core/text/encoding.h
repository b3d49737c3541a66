// Encodings of text files: which one the bytes are in, and the same text as UTF-8.
//
// For files as people have them: UTF-8, UTF-16, GB18030 and its older parts (GB 2312, GBK), and
// what a page declares. Not for markup (the readers) and not for cleaning
// (indexer/readers/characters.h). The wall around ICU's converters. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_ENCODING_H_
#define POLICYKB_CORE_TEXT_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

// The text of a file as UTF-8 without a byte order mark. A byte order mark decides, then whether
// the bytes are UTF-8, then whether they are clearly UTF-16, then `declared` (a name such as
// "gb2312"; one that ICU does not know counts as none), then whether they are clearly GB18030:
// bytes that are mostly UTF-8 are damaged UTF-8 and nothing else. Not told from GB18030 without
// being declared: the EUC encodings of Korean and Japanese. REQUIRES: bytes.size() < 2^30. Errors:
// InvalidArgument (bytes of no encoding: the offset of the first in each that was tried; a binary
// file: what it looks like, or the offset of a NUL).
absl::StatusOr<std::string> DecodeToUtf8(std::string_view bytes,
                                         std::optional<std::string_view> declared = std::nullopt);

// The encoding that an XML declaration, <meta charset> or <meta http-equiv> names at the beginning
// of a page (in its first 4,096 bytes), nullopt when none does. A view into `bytes`.
std::optional<std::string_view> DeclaredEncoding(std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_ENCODING_H_
