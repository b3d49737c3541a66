// Kernels over data in cache and out of it, each form that this machine can run.

#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/snapshot/dot_kernels.h"
#include "core/snapshot/lexical_kernels.h"
#include "core/snapshot/sketch_kernels.h"

namespace policykb {
namespace {

constexpr size_t kDimension = 256;
constexpr int64_t kInCacheRows = 2048;        // 512 KiB
constexpr int64_t kOutOfCacheRows = 1 << 20;  // 256 MiB

std::vector<uint8_t> RandomCodes(size_t size) {
  std::mt19937_64 random(1);
  std::vector<uint8_t> codes(size / 8 * 8);
  for (size_t i = 0; i < codes.size(); i += 8) {
    const uint64_t eight = random();
    std::memcpy(codes.data() + i, &eight, 8);
  }
  return codes;
}

// What the int8 scan is compared with: the same bytes added up eight at a time, and nothing else.
void BM_PlainRead(benchmark::State& state) {
  const std::vector<uint8_t> codes = RandomCodes(static_cast<size_t>(state.range(0)) * kDimension);
  constexpr size_t kLanes = 32;
  for (auto _ : state) {
    uint64_t sums[kLanes] = {};
    for (size_t i = 0; i + 8 * kLanes <= codes.size(); i += 8 * kLanes) {
      uint64_t words[kLanes];
      std::memcpy(words, codes.data() + i, sizeof(words));
      for (size_t lane = 0; lane < kLanes; ++lane) sums[lane] += words[lane];
    }
    benchmark::DoNotOptimize(sums);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(codes.size()));
}
BENCHMARK(BM_PlainRead)->Arg(kInCacheRows)->Arg(kOutOfCacheRows);

void BM_ScanRows(benchmark::State& state) {
  const auto form = static_cast<size_t>(state.range(0));
  if (form >= RunnableDotKernels().size()) return state.SkipWithError("not on this machine");
  const DotKernels& kernels = RunnableDotKernels()[form];
  state.SetLabel(kernels.name);
  const std::vector<uint8_t> codes = RandomCodes(static_cast<size_t>(state.range(1)) * kDimension);
  const std::vector<int8_t> query(kDimension, 3);
  int32_t sums[kScoredRows];
  for (auto _ : state) {
    for (size_t row = 0; row * kDimension < codes.size(); row += kScoredRows) {
      kernels.code_rows(codes.data() + row * kDimension, kScoredRows, query.data(), kDimension,
                        sums);
      benchmark::DoNotOptimize(sums);
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(codes.size()));
}
BENCHMARK(BM_ScanRows)->ArgsProduct({{0, 1, 2}, {kInCacheRows, kOutOfCacheRows}});

void BM_SieveRows(benchmark::State& state) {
  const auto form = static_cast<size_t>(state.range(0));
  if (form >= RunnableSketchKernels().size()) return state.SkipWithError("not on this machine");
  const SketchKernels& kernels = RunnableSketchKernels()[form];
  state.SetLabel(kernels.name);
  constexpr size_t kParts = (kDimension / 8 + kPartBytes - 1) / kPartBytes;
  constexpr size_t kGroup = kParts * kPartBytes * kSketchRows;
  const size_t groups = static_cast<size_t>(state.range(1)) / kSketchRows;
  const std::vector<uint8_t> sketches = RandomCodes(groups * kGroup);
  const std::vector<uint8_t> tables(kParts * kPartFields * kFieldValues, 10);
  uint16_t distances[kSketchRows];
  for (auto _ : state) {
    for (size_t group = 0; group < groups; ++group) {
      benchmark::DoNotOptimize(
          kernels.nearer(sketches.data() + group * kGroup, tables.data(), kParts, 100, distances));
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(1));
}
BENCHMARK(BM_SieveRows)->ArgsProduct({{0, 1, 2}, {kInCacheRows, kOutOfCacheRows}});

void BM_AddDense(benchmark::State& state) {
  const auto form = static_cast<size_t>(state.range(0));
  if (form >= RunnableLexicalKernels().size()) return state.SkipWithError("not on this machine");
  const LexicalKernels& kernels = RunnableLexicalKernels()[form];
  state.SetLabel(kernels.name);
  const auto size = static_cast<uint32_t>(state.range(1));
  const std::string codes(size, '\7');
  std::vector<uint32_t> scores(size, 0);
  for (auto _ : state) {
    kernels.add_dense(codes.data(), size, 1000, scores.data());
    benchmark::DoNotOptimize(scores.data());
  }
  state.SetItemsProcessed(state.iterations() * size);
}
BENCHMARK(BM_AddDense)->ArgsProduct({{0, 1, 2}, {100, 256}});

}  // namespace
}  // namespace policykb
