#include "core/embedding/tokenizer/piece_table.h"

#include <algorithm>
#include <utility>

namespace policykb {

PieceTable::PieceTable(std::vector<Piece> pieces) : first_byte_(257) {
  std::erase_if(pieces, [](const Piece& piece) { return piece.text.empty(); });
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.text < b.text; });
  pieces.erase(std::unique(pieces.begin(), pieces.end(),
                           [](const Piece& a, const Piece& b) { return a.text == b.text; }),
               pieces.end());
  offsets_.push_back(0);
  for (const Piece& piece : pieces) {
    block_ += piece.text;
    offsets_.push_back(static_cast<uint32_t>(block_.size()));
    ids_.push_back(piece.id);
    ++first_byte_[static_cast<unsigned char>(piece.text[0]) + size_t{1}];
  }
  for (size_t byte = 1; byte < first_byte_.size(); ++byte) {
    first_byte_[byte] += first_byte_[byte - 1];
  }
}

size_t PieceTable::FirstNotBelow(size_t begin, size_t end, size_t depth, unsigned byte) const {
  while (begin < end) {
    const size_t middle = begin + (end - begin) / 2;
    if (static_cast<unsigned char>(block_[offsets_[middle] + depth]) < byte) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

}  // namespace policykb
