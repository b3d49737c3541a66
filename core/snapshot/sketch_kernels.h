// Distances of one-bit sketches of vectors to a query, in the fastest form this machine has.
//
// A sketch has one bit per component, set where the component is not negative; the query keeps its
// signs and a size of kSketchPlanes bits for each component. The distance is the sum of the query's
// sizes over the components whose signs differ, so that the inner product of query and signs is the
// sum of all sizes less twice the distance (after Gao and Long 2024, section 3.3, without the
// rotation). What six components together add is looked up in a table of the query's, for all rows
// at once (after Andre, Kermarrec and Le Scouarnec 2015). Integers: all forms return the same. Pure
// functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace policykb {

// Bits that a size has.
inline constexpr size_t kSketchPlanes = 3;
inline constexpr int kLargestSketchSize = (1 << kSketchPlanes) - 1;
// A sketch is read three bytes at a time, which have four fields of six bits: the low six of each
// byte, and the two high ones of all three, the first byte's lowest.
inline constexpr size_t kPartBytes = 3;
inline constexpr size_t kPartFields = 4;
inline constexpr size_t kFieldBits = 6;
inline constexpr size_t kFieldValues = size_t{1} << kFieldBits;
// Sketches that are compared at a time.
inline constexpr size_t kSketchRows = 64;
// The largest distance of a field, and a number of parts for which the sum fits 16 bits.
inline constexpr int kLargestFieldDistance = kFieldBits * kLargestSketchSize;
inline constexpr size_t kMostSketchParts = 384;
static_assert(kMostSketchParts * kPartFields * kLargestFieldDistance < (1 << 16));

struct SketchKernels {
  const char* name;
  // Distances of kSketchRows sketches, of which byte b of row r is sketches[b*kSketchRows + r]: the
  // sums of tables[(part*kPartFields + field)*kFieldValues + value of the field]; returns bit r set
  // where distances[r] < limit. REQUIRES: parts up to kMostSketchParts; nothing in the tables above
  // kLargestFieldDistance; limit below 2^16.
  uint64_t (*nearer)(const uint8_t* sketches, const uint8_t* tables, size_t parts, uint32_t limit,
                     uint16_t* distances);
};

// The fastest kernels of this machine.
const SketchKernels& BestSketchKernels();

// All kernels that this machine can run, the portable ones first.
std::span<const SketchKernels> RunnableSketchKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SKETCH_KERNELS_H_
