// Bytes of the lexical index file, shared by its writer and its reader (FORMAT.md "Lexical index").
//
// Constants, loads and stores only; little endian, as section_file.cc makes sure. Any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_FORMAT_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace policykb::lexical_format {

// A section file (section_file.h) of this magic and version.
inline constexpr std::string_view kMagic = "PKBLEXIX";
inline constexpr uint32_t kVersion = 1;

enum Section : uint32_t {
  kInfo = 0,         // one Info
  kTextOffsets = 1,  // u32[terms + 1]: term i is bytes [offset i, offset i + 1) of the next section
  kTermText = 2,     // the terms in byte order, one behind the other
  kListOffsets = 3,  // u32[terms + 1]: list i is [offset i, offset i + 1) of the next section, in
                     // units of kListUnit
  kLists = 4,
  kSections = 5,
};

struct Info {
  uint64_t terms = 0;
  uint64_t postings = 0;
  uint32_t entries = 0;
  float impact_scale = 0;  // impact = scale * code
};
static_assert(sizeof(Info) == 24);

// Lists begin at multiples of this, and list offsets count in it.
inline constexpr size_t kListUnit = 4;
// Postings per block; only the last block of a list holds fewer.
inline constexpr uint32_t kBlockSize = 128;
// Head of every list: u8 form, u8 postings - 1 (short lists), u8 largest code, u8 zero, u32 first
// ordinal (short lists) or number of postings (long lists). A short list is one block, its form the
// form of the block.
inline constexpr size_t kListHeadSize = 8;
// Entry per block between the head and the bodies of a long list: u32 first ordinal, u32 last
// ordinal, u32 offset of the body from the list's beginning, u8 form, u8 largest code, u16 zero.
inline constexpr size_t kBlockEntrySize = 16;

// How a block of n postings holds its ordinals and codes.
enum Form : uint8_t {
  kLong = 0,       // only in a list's head: block entries follow
  kOffsets8 = 1,   // n - 1 distances from the first ordinal, ascending, u8; then n codes
  kOffsets16 = 2,  // the same with u16
  kOffsets32 = 3,  // the same with u32
  kDense = 4,  // only in long lists: one code for each ordinal from first to last, 0 where there is
               // no posting
};

// Bytes of a block with distances of that form.
inline constexpr size_t OffsetsBodySize(Form form, uint32_t postings) {
  const size_t width = form == kOffsets8 ? 1 : form == kOffsets16 ? 2 : 4;
  return width * (postings - 1) + postings;
}

template <typename T>
T Load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

template <typename T>
void Store(std::string& out, size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof(T));
}

template <typename T>
void Append(std::string& out, T value) {
  const size_t at = out.size();
  out.resize(at + sizeof(T));
  Store(out, at, value);
}

inline void Pad(std::string& out, size_t alignment) {
  out.append((alignment - out.size() % alignment) % alignment, '\0');
}

}  // namespace policykb::lexical_format

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_FORMAT_H_
