#include "core/snapshot/lexical_kernels.h"

#include <algorithm>
#include <cstring>

namespace policykb {

using namespace lexical_format;

namespace {

constexpr uint32_t kLanes = 32;

template <typename Distance>
bool AddOffsets(const char* body, uint32_t n, float weight, uint32_t limit, float* scores) {
  // A whole block is always worked on: what lies behind n postings is zero and not added.
  alignas(64) Distance distances[kBlockSize];
  alignas(64) uint8_t codes[kBlockSize];
  alignas(64) float values[kBlockSize];
  if (n < kBlockSize) {
    std::memset(distances, 0, sizeof(distances));
    std::memset(codes, 0, sizeof(codes));
  }
  distances[kBlockSize - 1] = 0;
  std::memcpy(distances, body, (n - 1) * sizeof(Distance));
  std::memcpy(codes, body + (n - 1) * sizeof(Distance), n);
  Distance largest = 0;
  for (uint32_t i = 0; i < kBlockSize; ++i) largest = std::max(largest, distances[i]);
  if (largest >= limit) return false;
  for (uint32_t i = 0; i < kBlockSize; ++i) values[i] = weight * static_cast<float>(codes[i]);
  scores[0] += values[0];
  for (uint32_t i = 1; i < n; ++i) scores[distances[i - 1]] += values[i];
  return true;
}

}  // namespace

void AddDenseCodes(const char* codes, uint32_t n, float weight, float* scores) {
  uint32_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    alignas(64) uint8_t lane_codes[kLanes];
    std::memcpy(lane_codes, codes + i, kLanes);
    float* const lane_scores = scores + i;
    for (uint32_t lane = 0; lane < kLanes; ++lane) {
      lane_scores[lane] += weight * static_cast<float>(lane_codes[lane]);
    }
  }
  for (; i < n; ++i) scores[i] += weight * static_cast<float>(static_cast<uint8_t>(codes[i]));
}

bool AddOffsetCodes(Form form, const char* body, uint32_t n, float weight, uint32_t limit,
                    float* scores) {
  switch (form) {
    case kOffsets8:
      return AddOffsets<uint8_t>(body, n, weight, limit, scores);
    case kOffsets16:
      return AddOffsets<uint16_t>(body, n, weight, limit, scores);
    case kOffsets32:
      return AddOffsets<uint32_t>(body, n, weight, limit, scores);
    case kLong:
    case kDense:
      break;
  }
  return false;
}

}  // namespace policykb
