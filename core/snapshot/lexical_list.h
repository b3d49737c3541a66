// LexicalList: one list of the lexical index as it stands in the mapped file, read without trust.
//
// For LexicalIndex only. A list is a view; its bytes outlive it. Pure functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_LIST_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_LIST_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_format.h"

namespace policykb {

// A posting as it is stored.
struct CodedPosting {
  uint32_t ordinal = 0;
  uint8_t code = 0;
};

struct LexicalBlock {
  uint32_t first = 0;
  uint32_t last = 0;  // of a short list: not stated, the largest that the number of entries allows
  uint32_t postings = 0;
  lexical_format::Form form = lexical_format::kLong;
  uint8_t largest_code = 0;
  std::string_view body;  // from the beginning of the body to the end of the list

  // The body is inside the list and the first and last ordinal inside the index.
  bool IsBounded(uint32_t entries) const {
    if (last >= entries || first > last) return false;
    if (form == lexical_format::kDense) return body.size() > last - first;
    return form >= lexical_format::kOffsets8 && form <= lexical_format::kOffsets32 &&
           body.size() >= lexical_format::OffsetsBodySize(form, postings);
  }
};

// A list whose head and, in a long one, block entries lie inside its bytes; made by Read.
struct LexicalList {
  std::string_view bytes;
  uint32_t postings = 0;
  uint8_t largest_code = 0;
  uint32_t entries = 0;  // of the index

  // nullopt when the bytes do not hold what the head says, or more postings than entries.
  static std::optional<LexicalList> Read(std::string_view bytes, uint32_t entries);

  bool is_long() const { return bytes[0] == lexical_format::kLong; }
  uint32_t blocks() const {
    return is_long() ? (postings + lexical_format::kBlockSize - 1) / lexical_format::kBlockSize : 1;
  }
  // REQUIRES for both: block < blocks().
  uint32_t FirstOrdinal(uint32_t block) const {
    using namespace lexical_format;
    const size_t at = is_long() ? kListHeadSize + block * kBlockEntrySize : 4;
    return Load<uint32_t>(bytes.data() + at);
  }
  LexicalBlock BlockAt(uint32_t block) const;

  // Code of the posting of that ordinal, 0 when there is none.
  uint8_t CodeOf(uint32_t ordinal) const;
  // Positions in entries.ordinals() of those that have a posting, ascending. REQUIRES: a set of
  // entries of the index.
  std::vector<uint32_t> Holding(const EntrySet& entries) const;
  // Appends all postings, checking every rule of the format; what is wrong, or "".
  std::string_view Decode(std::vector<CodedPosting>& out) const;

 private:
  // The last block from `low` on that begins at or before `ordinal`, or `low`.
  uint32_t LastBlockFrom(uint32_t low, uint32_t ordinal) const;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_LIST_H_
