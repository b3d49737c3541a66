// Attention of one head over one text.
//
// context = softmax(query * key transposed * scale) * value (Vaswani et al. 2017, eq. 1), in f32.
// One source in three widths, chosen at run time. Pure functions, any thread; an AttentionScratch
// is used by one thread at a time.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_ATTENTION_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_ATTENTION_H_

#include <cstddef>
#include <span>
#include <vector>

namespace policykb {

// Where a head's rows are: row r of each begins r * stride floats behind the pointer.
struct AttentionHead {
  const float* query = nullptr;
  const float* key = nullptr;
  const float* value = nullptr;
  size_t stride = 0;
  size_t tokens = 0;   // rows of key and value
  size_t queries = 0;  // rows of query
  size_t size = 0;     // columns, a multiple of 16
  float scale = 1;
};

struct AttentionScratch {
  // Makes room for `head`.
  void Prepare(const AttentionHead& head);

  std::vector<float> keys;    // size * columns: key transposed
  std::vector<float> scores;  // rows of a block * columns
};

// Row r of the result is written r * context_stride floats behind `context`.
void Attend(const AttentionHead& head, AttentionScratch& scratch, float* context,
            size_t context_stride);

// The forms that this machine can run, the portable one first; for tests. REQUIRES: the scratch is
// prepared for the head.
using AttentionKernel = void (*)(const AttentionHead& head, AttentionScratch& scratch,
                                 float* context, size_t context_stride);
std::span<const AttentionKernel> RunnableAttentionKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_ATTENTION_H_
