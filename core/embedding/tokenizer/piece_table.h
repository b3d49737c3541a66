// PieceTable: which pieces of a vocabulary a text begins with.
//
// Sorted pieces in one block, narrowed byte by byte; building takes one sort. Const after
// construction, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_PIECE_TABLE_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_PIECE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct Piece {
  std::string text;
  int32_t id = 0;
};

class PieceTable {
 public:
  PieceTable() : PieceTable(std::vector<Piece>()) {}
  // Empty pieces are left out; of equal ones the first counts.
  explicit PieceTable(std::vector<Piece> pieces);

  size_t size() const { return ids_.size(); }

  // Calls visit(size in bytes, id) for every piece that `text` begins with, shorter ones first.
  template <typename Visit>
  void VisitPrefixes(std::string_view text, const Visit& visit) const {
    if (text.empty()) return;
    const auto first = static_cast<unsigned char>(text[0]);
    size_t begin = first_byte_[first];
    size_t end = first_byte_[first + size_t{1}];
    for (size_t depth = 1; begin < end; ++depth) {
      if (LengthOf(begin) == depth) visit(depth, ids_[begin++]);
      if (depth == text.size()) return;
      const auto byte = static_cast<unsigned char>(text[depth]);
      begin = FirstNotBelow(begin, end, depth, byte);
      end = FirstNotBelow(begin, end, depth, byte + 1U);
    }
  }

  struct Match {
    size_t size = 0;  // bytes; 0 where no piece matches
    int32_t id = -1;
  };
  Match Longest(std::string_view text) const {
    Match longest;
    VisitPrefixes(text, [&](size_t size, int32_t id) { longest = {.size = size, .id = id}; });
    return longest;
  }

 private:
  size_t LengthOf(size_t piece) const { return offsets_[piece + 1] - offsets_[piece]; }
  // First piece of [begin, end) whose byte at `depth` is `byte` or more. REQUIRES: all of them are
  // longer than `depth` and agree before it.
  size_t FirstNotBelow(size_t begin, size_t end, size_t depth, unsigned byte) const;

  std::string block_;
  std::vector<uint32_t> offsets_;  // size() + 1 places in block_
  std::vector<int32_t> ids_;
  std::vector<uint32_t> first_byte_;  // 257 places in ids_
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_PIECE_TABLE_H_
