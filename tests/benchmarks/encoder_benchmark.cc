// Encoders of the bge-small shape with random weights: texts of 128 tokens, queries of 16, and what
// the products alone would allow.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/embedding/transformer/encoder.h"
#include "core/embedding/transformer/workers.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/model_files.h"

namespace policykb {
namespace {

constexpr size_t kHidden = 512;
constexpr size_t kWide = 2048;
constexpr size_t kLayers = 4;
constexpr size_t kTextsAtATime = 2;

// A model with weights, opened once for all benchmarks.
struct Model {
  EncoderConfig config;
  SafetensorsFile file;
  EncoderWeights weights;
};

const Model& BgeSmallShape() {
  static const Model* const model = [] {
    const TempFolder folder;
    const RandomModel description = {
        .hidden = kHidden, .layers = kLayers, .heads = 8, .intermediate = kWide, .positions = 512};
    auto* made = new Model;
    const std::string path = folder / "model.safetensors";
    if (!WriteNewFile(path, EncodeSafetensors(RandomTensors(description))).ok()) std::abort();
    made->config = *ParseEncoderConfig(RandomModelConfig(description));
    made->file = *SafetensorsFile::Open(path);
    made->weights = *FindEncoderWeights(made->file, made->config);
    return made;
  }();
  return *model;
}

const Encoder& EncoderOf(Precision precision, Pooling pooling) {
  static std::unique_ptr<const Encoder> encoders[3][2];
  auto& encoder = encoders[static_cast<size_t>(precision)][static_cast<size_t>(pooling)];
  if (encoder == nullptr) {
    const Model& model = BgeSmallShape();
    encoder = *Encoder::Create(model.config, model.weights, pooling, precision);
  }
  return *encoder;
}

std::vector<TokenSequence> Texts(size_t count, size_t tokens) {
  std::vector<TokenSequence> texts(count);
  for (TokenSequence& text : texts) {
    for (size_t i = 0; i < tokens; ++i) text.tokens.push_back(static_cast<int32_t>(4 + i % 60));
    text.types.resize(tokens);
  }
  return texts;
}

bool IsRunnable(benchmark::State& state, Precision precision) {
  if (IsFast(precision)) return true;
  state.SkipWithError("this CPU has no instructions for it");
  return false;
}

// passages: passages a second. Arguments: precision, tokens, pooling (0 first token, 1 mean).
void BM_EncodeTexts(benchmark::State& state) {
  const auto precision = static_cast<Precision>(state.range(0));
  if (!IsRunnable(state, precision)) return;
  const Encoder& encoder = EncoderOf(precision, static_cast<Pooling>(state.range(2)));
  const auto texts = Texts(kTextsAtATime, static_cast<size_t>(state.range(1)));
  EncoderScratch scratch;
  for (auto _ : state) benchmark::DoNotOptimize(encoder.Encode(texts, scratch)->data());
  state.SetLabel(std::string(NameOf(precision)));
  state.counters["passages"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kTextsAtATime), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_EncodeTexts)
    ->ArgsProduct({{0, 1, 2}, {128, 512}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

// Two workers on texts of their own.
void BM_EncodeWithTwoWorkers(benchmark::State& state) {
  const auto precision = static_cast<Precision>(state.range(0));
  if (!IsRunnable(state, precision)) return;
  const Encoder& encoder = EncoderOf(precision, Pooling::kCls);
  const auto texts = Texts(kTextsAtATime, 128);
  constexpr size_t kPieces = 16;
  EncoderScratch scratches[2];
  for (auto _ : state) {
    const absl::Status done = RunWithWorkers(kPieces, 2, [&](size_t, size_t worker) {
      return encoder.Encode(texts, scratches[worker]).status();
    });
    if (!done.ok()) state.SkipWithError("failed");
  }
  state.SetLabel(std::string(NameOf(precision)));
  state.counters["passages"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kPieces * kTextsAtATime),
                         benchmark::Counter::kIsRate);
}
BENCHMARK(BM_EncodeWithTwoWorkers)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

// A query of 16 tokens, with working memory of its own as every query has.
void BM_EncodeQuery(benchmark::State& state) {
  const auto precision = static_cast<Precision>(state.range(0));
  if (!IsRunnable(state, precision)) return;
  const Encoder& encoder = EncoderOf(precision, Pooling::kCls);
  const auto texts = Texts(1, 16);
  for (auto _ : state) {
    EncoderScratch scratch;
    benchmark::DoNotOptimize(encoder.Encode(texts, scratch)->data());
  }
  state.SetLabel(std::string(NameOf(precision)));
}
BENCHMARK(BM_EncodeQuery)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

// The four products of all layers for texts of 128 tokens and nothing else: passages of
// BM_EncodeTexts divided by these is the share of the limit that is reached.
void BM_ProductsOnly(benchmark::State& state) {
  const auto precision = static_cast<Precision>(state.range(0));
  if (!IsRunnable(state, precision)) return;
  constexpr size_t kRows = 128 * kTextsAtATime;
  struct Shape {
    size_t inputs;
    size_t outputs;
  };
  std::vector<PackedMatrix> matrices;
  for (const Shape shape : {Shape{kHidden, 3 * kHidden}, Shape{kHidden, kHidden},
                            Shape{kHidden, kWide}, Shape{kWide, kHidden}}) {
    const auto product = *MatrixProduct::Create(shape.inputs, shape.outputs, precision);
    const std::vector<float> weights(shape.inputs * shape.outputs, 0.5F);
    for (size_t layer = 0; layer < kLayers; ++layer)
      matrices.push_back(*PackedMatrix::Create(product, weights));
  }
  const std::vector<char> activations(kRows * kWide * 4);
  std::vector<float> product(kRows * kWide);
  MatrixScratch scratch;
  for (auto _ : state) {
    for (const PackedMatrix& matrix : matrices) {
      if (!matrix.Multiply(activations.data(), kRows, product.data(), scratch).ok())
        state.SkipWithError("failed");
    }
  }
  state.SetLabel(std::string(NameOf(precision)));
  state.counters["passages"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kTextsAtATime), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_ProductsOnly)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace policykb
