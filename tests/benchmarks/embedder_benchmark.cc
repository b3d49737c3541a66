// How many passages a second the corpus embedder embeds, with the threads it takes by itself.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/embedding/corpus_embedder.h"
#include "core/text/utf8.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

constexpr size_t kPassages = 4096;
// Of an article: the laws of the evaluation sets have 130 characters on average.
constexpr size_t kCharacters = 130;
// As many characters as laws use, the frequent ones more often, so that pairs repeat.
constexpr uint32_t kAlphabet = 2000;

std::vector<std::string> Passages() {
  std::mt19937_64 random(1);
  std::vector<std::string> passages(kPassages);
  for (std::string& passage : passages) {
    for (size_t i = 0; i < kCharacters; ++i) {
      const double share = static_cast<double>(random() >> 11) * 0x1p-53;
      AppendUtf8(passage,
                 static_cast<char32_t>(0x4E00 + static_cast<uint32_t>(share * share * kAlphabet)));
    }
  }
  return passages;
}

void BM_EmbedPassages(benchmark::State& state) {
  const TempFolder folder;
  const std::vector<std::string> passages = Passages();
  std::vector<TrainingPassage> training;
  for (const std::string& passage : passages) training.push_back({.context = "", .text = passage});
  // Quality does not matter, the size of the table does.
  if (!TrainCorpusEmbedder(training, {.training_steps = 1}, folder.path(), {}).ok())
    return state.SkipWithError("no embedder");
  const auto embedder = OpenCorpusEmbedder(folder.path());
  if (!embedder.ok()) return state.SkipWithError("no embedder");
  const std::vector<std::string_view> texts(passages.begin(), passages.end());
  for (auto _ : state) benchmark::DoNotOptimize((*embedder)->EmbedPassages(texts));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kPassages));
}
BENCHMARK(BM_EmbedPassages)->UseRealTime();

}  // namespace
}  // namespace policykb
