// Posting lists of several densities over 100,000 entries: added up whole, and by ranges.

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_scorer.h"

namespace policykb {
namespace {

constexpr uint32_t kEntries = 100000;
constexpr int64_t kRarities[] = {1, 3, 20, 300, 5000};  // one entry in so many holds the term

// Words named after their rarity.
const LexicalIndex& Index() {
  static const std::unique_ptr<LexicalIndex> index = [] {
    LexicalIndexWriter writer({.fields = {{}}, .unigram_weight = 1});
    std::mt19937 random(2);
    for (uint32_t ordinal = 0; ordinal < kEntries; ++ordinal) {
      std::vector<Term> terms;
      for (const int64_t rarity : kRarities) {
        if (random() % static_cast<uint32_t>(rarity) == 0)
          terms.push_back({.text = std::to_string(rarity), .kind = TermKind::kWord, .span = {}});
      }
      writer.Add({&terms, 1});
    }
    const std::string path = JoinPath(std::filesystem::temp_directory_path().string(),
                                      "policykb_benchmark" + std::to_string(getpid()) + ".lex");
    if (!RemoveAll(path).ok() || !writer.Finish(path, writer.MeanLengths()).ok()) std::abort();
    auto opened = LexicalIndex::Open(path);
    if (!opened.ok() || !RemoveAll(path).ok()) std::abort();
    return *std::move(opened);
  }();
  return *index;
}

LexicalIndex::TermList ListOf(int64_t rarity) { return *Index().Find(std::to_string(rarity)); }

void BM_AddScores(benchmark::State& state) {
  const LexicalIndex::TermList list = ListOf(state.range(0));
  std::vector<uint32_t> scores(kEntries, 0);
  for (auto _ : state) {
    Index().AddScores(list, 1000, scores);
    benchmark::DoNotOptimize(scores.data());
  }
  state.SetItemsProcessed(state.iterations() * list.entries);
}
BENCHMARK(BM_AddScores)->Arg(1)->Arg(3)->Arg(20)->Arg(300)->Arg(5000);

// Bounds of all ranges, then the scores of every so many-th one.
void BM_CompleteRanges(benchmark::State& state) {
  std::vector<WeightedList> lists;
  for (const int64_t rarity : kRarities) lists.push_back({.list = ListOf(rarity), .weight = 1000});
  for (auto _ : state) {
    LexicalScorer scorer(Index(), lists);
    for (uint32_t range = 0; range < scorer.ranges();
         range += static_cast<uint32_t>(state.range(0))) {
      scorer.Complete(range);
    }
    benchmark::DoNotOptimize(scorer.Bound(0));
  }
}
BENCHMARK(BM_CompleteRanges)->Arg(1)->Arg(10)->Arg(1000);

void BM_HoldingOfSixHundredEntries(benchmark::State& state) {
  const LexicalIndex::TermList list = ListOf(state.range(0));
  std::vector<uint32_t> ordinals(600);
  for (uint32_t i = 0; i < 600; ++i) ordinals[i] = i * (kEntries / 600);
  const EntrySet entries(std::move(ordinals), kEntries);
  for (auto _ : state) benchmark::DoNotOptimize(Index().Holding(list, entries));
  state.SetItemsProcessed(state.iterations() * 600);
}
BENCHMARK(BM_HoldingOfSixHundredEntries)->Arg(1)->Arg(3)->Arg(20)->Arg(300)->Arg(5000);

}  // namespace
}  // namespace policykb
