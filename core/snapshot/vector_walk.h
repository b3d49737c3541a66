// VectorWalk: the search in an HNSW graph over int8 codes, on the links as the file holds them.
//
// Algorithm 5 of Malkov and Yashunin 2016, with a filter. Our own and not FAISS's, which scores one
// neighbor at a time through a virtual call, clears a byte per entry and wants a copy of the links.
// Not for building (vector_graph.h) and not for the choice between walk and scan (vector_index.cc).
// Const, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_WALK_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_WALK_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_file.h"

namespace policykb {

class VectorWalk {
 public:
  // Views what `content` views. REQUIRES: `content` comes from DecodeVectorFile and has a graph.
  explicit VectorWalk(const VectorFile& content);

  // About the `keep` allowed entries of the highest score, in no order; fewer where the walk met
  // fewer. It ends when it has nothing left that is nearer than the `breadth`-th best allowed entry
  // it met. REQUIRES: 0 < keep <= breadth.
  std::vector<uint32_t> Search(const CodedQuery& query, size_t keep, size_t breadth,
                               BitmapView allowed) const;

  // Entries that a walk looks at for each of its breadth where all are allowed, at the most.
  uint64_t VisitsPerStep() const { return static_cast<uint64_t>(graph_.layer_starts[1]); }

 private:
  // Links of an entry in one of its layers, those in use.
  std::span<const int32_t> Links(uint32_t entry, size_t layer) const;
  float Score(const CodedQuery& query, uint32_t entry) const;

  VectorCodes codes_;
  VectorGraph graph_;
  std::vector<uint64_t> blocks_;  // by entry, where its links begin
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_WALK_H_
