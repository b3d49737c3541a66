// LexicalTermTable: numbers for the distinct terms of an index being written.
//
// For LexicalIndexWriter only. Terms live in one arena and an open-addressing table, about 20 bytes
// beside the text of each. One thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_TERM_TABLE_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_TERM_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

class LexicalTermTable {
 public:
  LexicalTermTable();

  // Number of the term: the one it has, or size() before the call.
  uint32_t Intern(std::string_view term);
  uint32_t size() const { return static_cast<uint32_t>(ends_.size()); }
  // Valid until the next Intern. REQUIRES: number < size().
  std::string_view Text(uint32_t number) const;
  // All numbers, in byte order of their terms.
  std::vector<uint32_t> Sorted() const;

 private:
  struct Slot {
    uint32_t hash = 0;           // upper half of the hash
    uint32_t number_plus_1 = 0;  // 0: free
  };
  void Grow();

  std::string arena_;
  std::vector<uint64_t> ends_;  // of each term in the arena
  std::vector<Slot> slots_;     // power of two, at most two thirds full
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_TERM_TABLE_H_
