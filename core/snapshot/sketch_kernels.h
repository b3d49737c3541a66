// Distances of one-bit sketches of vectors to a query, in the fastest form this machine has.
//
// A sketch has one bit per component, set where the component is not negative; the query keeps its
// signs and kSketchPlanes bits of the size of each component, a bit plane for each. The distance is
// the sum of the query's sizes over the components whose signs differ, so that the inner product of
// query and signs is the sum of all sizes less twice the distance (after Gao and Long 2024, section
// 3.3, without the rotation). Integers: all forms return the same. Pure functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace policykb {

// Bits that a size has.
inline constexpr size_t kSketchPlanes = 3;
inline constexpr int kLargestSketchSize = (1 << kSketchPlanes) - 1;
// Sketches that are compared at a time.
inline constexpr size_t kSketchRows = 64;
// The largest number of 64-bit words for which a distance fits 16 bits: 128 * 64 * 7 < 2^16.
inline constexpr size_t kMostSketchWords = 128;

struct SketchKernels {
  const char* name;
  // Distances of kSketchRows sketches, of which word w of row r is sketches[w*kSketchRows + r];
  // returns bit r set where distances[r] < limit. Of the query, signs has `words` words, planes
  // `words`*kSketchPlanes, the lowest plane of each word first. REQUIRES: words up to
  // kMostSketchWords.
  uint64_t (*nearer)(const uint64_t* sketches, const uint64_t* signs, const uint64_t* planes,
                     size_t words, uint32_t limit, uint16_t* distances);
};

// The fastest kernels of this machine.
const SketchKernels& BestSketchKernels();

// All kernels that this machine can run, the portable ones first.
std::span<const SketchKernels> RunnableSketchKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_
