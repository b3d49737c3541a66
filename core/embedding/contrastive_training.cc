#include "core/embedding/contrastive_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "core/embedding/parallel.h"
#include "core/embedding/row_sums.h"

namespace policykb {

namespace {

// Components of a fresh row come from a normal distribution of this deviation.
constexpr double kFreshDeviation = 0.05;
constexpr int kWarmUpSteps = 20;
constexpr double kLastRate = 0.1;
// Share of the old mean of squares that each step keeps.
constexpr float kSquareDecay = 0.999F;
// Known questions are few and would be learned by heart: each is drawn so many times, and they take
// so much of a batch at the most.
constexpr size_t kTimesAsked = 40;
constexpr double kMostAsked = 0.25;
// A small corpus has smaller batches: one passage in so many.
constexpr size_t kPassagesPerPair = 4;
constexpr float kTiny = 1e-8F;
constexpr size_t kPairsWorthThreads = 256;
constexpr size_t kRowsWorthThreads = 16384;

// Independent of the library, unlike std::normal_distribution (Box and Muller 1958).
DenseMatrix FreshRows(size_t rows, size_t columns, uint64_t seed) {
  constexpr double kTwoPi = 6.283185307179586;
  DenseMatrix matrix(rows, columns);
  std::mt19937_64 random(seed);
  const auto uniform = [&random] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  for (size_t i = 0; i < matrix.values.size(); i += 2) {
    const double radius = kFreshDeviation * std::sqrt(-2 * std::log(uniform()));
    const double angle = kTwoPi * uniform();
    matrix.values[i] = static_cast<float>(radius * std::cos(angle));
    if (i + 1 < matrix.values.size())
      matrix.values[i + 1] = static_cast<float>(radius * std::sin(angle));
  }
  return matrix;
}

// Where each row of the table is used in a batch: uses [starts[r], starts[r + 1]).
struct RowUses {
  std::vector<uint32_t> starts;
  std::vector<uint32_t> texts;
  std::vector<float> weights;
};

class Training {
 public:
  Training(const TrainingPairs& pairs, const ContrastiveOptions& options)
      : pairs_(pairs),
        options_(options),
        batch_(std::max<size_t>(std::min(options.batch, pairs.passages() / kPassagesPerPair), 1)),
        table_(FreshRows(pairs.rows(), options.dimension, options.seed)),
        squares_(pairs.rows()),
        random_(options.seed + 1),
        texts_(2 * batch_),
        passages_(batch_),
        vectors_(2 * batch_, options.dimension),
        inverse_lengths_(2 * batch_),
        gradients_(2 * batch_, options.dimension) {}

  DenseMatrix Run(const std::function<void(double)>& progress) {
    for (int step = 0; step < options_.steps; ++step) {
      DrawBatch();
      Embed();
      DifferentiateLoss();
      MoveRows(step);
      if (progress) progress(static_cast<double>(step + 1) / options_.steps);
    }
    return std::move(table_);
  }

 private:
  // Texts [0, batch) are queries, [batch, 2 * batch) their passages.
  void DrawBatch() {
    const size_t questions = QuestionsInBatch();
    for (size_t i = 0; i < batch_; ++i) {
      passages_[i] = i < questions ? pairs_.asked()[random_() % pairs_.asked().size()]
                                   : random_() % pairs_.passages();
    }
    const uint64_t seed = random_();
    ParallelRanges(batch_, kPairsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        TrainingPair pair = i < questions ? pairs_.DrawQuestion(passages_[i], seed + i)
                                          : pairs_.Draw(passages_[i], seed + i);
        texts_[i] = std::move(pair.query);
        texts_[batch_ + i] = std::move(pair.passage);
      }
    });
  }

  size_t QuestionsInBatch() const {
    const size_t steps = static_cast<size_t>(options_.steps);
    const size_t wanted = (pairs_.asked().size() * kTimesAsked + steps - 1) / steps;
    return std::min(wanted, static_cast<size_t>(kMostAsked * static_cast<double>(batch_)));
  }

  void Embed() {
    ParallelRanges(texts_.size(), kPairsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        const WeightedRows& text = texts_[i];
        float* const vector = vectors_.row(i);
        SumRows(table_.values.data(), table_.columns, text.rows.data(), text.counts.data(),
                text.rows.size(), vector);
        const float square = Dot(vector, vector);
        inverse_lengths_[i] = square > 0 ? 1 / std::sqrt(square) : 0;
        for (size_t c = 0; c < table_.columns; ++c) vector[c] *= inverse_lengths_[i];
      }
    });
  }

  // Fills gradients_ with the loss's derivative by each text's sum of rows.
  void DifferentiateLoss() {
    const size_t n = batch_;
    const size_t d = options_.dimension;
    const float sharpness = static_cast<float>(1 / options_.temperature);
    const float* const queries = vectors_.row(0);
    const float* const answers = vectors_.row(n);
    shares_.resize(n * n);
    MultiplyInTwo(Transpose::kSecond, {.rows = n, .columns = n, .inner = d}, sharpness, queries,
                  answers, shares_.data());
    std::vector<float> by_query(n);
    ParallelRanges(n, kPairsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        float* const row = shares_.data() + i * n;
        for (size_t j = 0; j < n; ++j) {
          // The same passage drawn twice is no wrong answer to itself.
          const bool twin = i != j && passages_[i] == passages_[j];
          row[j] = twin ? 0 : std::exp(row[j] - sharpness);
          by_query[i] += row[j];
        }
      }
    });
    std::vector<float> by_answer(n);
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) by_answer[j] += shares_[i * n + j];
    }
    // Mean of both directions' probabilities, less the truth.
    ParallelRanges(n, kPairsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        float* const row = shares_.data() + i * n;
        const float half = 0.5F / (by_query[i] + kTiny);
        for (size_t j = 0; j < n; ++j) row[j] *= half + 0.5F / (by_answer[j] + kTiny);
        row[i] -= 1;
      }
    });
    const float scale = sharpness / static_cast<float>(n);
    const ProductShape shape = {.rows = n, .columns = d, .inner = n};
    MultiplyInTwo(Transpose::kNone, shape, scale, shares_.data(), answers, gradients_.row(0));
    MultiplyInTwo(Transpose::kFirst, shape, scale, shares_.data(), queries, gradients_.row(n));
    // Through the division by the length.
    ParallelRanges(2 * n, kPairsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        float* const gradient = gradients_.row(i);
        const float* const vector = vectors_.row(i);
        const float along = Dot(gradient, vector);
        for (size_t c = 0; c < d; ++c)
          gradient[c] = inverse_lengths_[i] * (gradient[c] - along * vector[c]);
      }
    });
  }

  // Sixteen sums side by side, which the compiler turns into vectors.
  float Dot(const float* a, const float* b) const {
    std::array<float, 16> sums = {};
    for (size_t c = 0; c < options_.dimension; c += sums.size()) {
      for (size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += a[c + lane] * b[c + lane];
    }
    return std::accumulate(sums.begin(), sums.end(), 0.0F);
  }

  RowUses UsesOfRows() const {
    RowUses uses;
    uses.starts.assign(table_.rows + 1, 0);
    for (const WeightedRows& text : texts_) {
      for (const uint32_t row : text.rows) ++uses.starts[row + 1];
    }
    for (size_t row = 0; row < table_.rows; ++row) uses.starts[row + 1] += uses.starts[row];
    uses.texts.resize(uses.starts.back());
    uses.weights.resize(uses.starts.back());
    std::vector<uint32_t> next(uses.starts.begin(), uses.starts.end() - 1);
    for (size_t i = 0; i < texts_.size(); ++i) {
      for (size_t k = 0; k < texts_[i].rows.size(); ++k) {
        const uint32_t at = next[texts_[i].rows[k]]++;
        uses.texts[at] = static_cast<uint32_t>(i);
        uses.weights[at] = texts_[i].counts[k];
      }
    }
    return uses;
  }

  void MoveRows(int step) {
    const RowUses uses = UsesOfRows();
    const double done = static_cast<double>(step) / options_.steps;
    const double warmth = std::min(1.0, (step + 1.0) / kWarmUpSteps);
    const auto rate =
        static_cast<float>(options_.learning_rate * warmth * (1 - (1 - kLastRate) * done));
    // The mean of squares starts at zero and is corrected for that (Kingma and Ba 2015, section 3).
    const float correction = 1 - std::pow(kSquareDecay, static_cast<float>(step + 1));
    const size_t d = options_.dimension;
    ParallelRanges(table_.rows, kRowsWorthThreads, [&](size_t begin, size_t end) {
      std::vector<float> gradient(d);
      for (size_t row = begin; row < end; ++row) {
        const size_t first = uses.starts[row];
        const size_t count = uses.starts[row + 1] - first;
        if (count == 0) continue;
        SumRows(gradients_.values.data(), d, uses.texts.data() + first, uses.weights.data() + first,
                count, gradient.data());
        const float square = Dot(gradient.data(), gradient.data()) / static_cast<float>(d);
        squares_[row] = kSquareDecay * squares_[row] + (1 - kSquareDecay) * square;
        const float pace = rate / (std::sqrt(squares_[row] / correction) + kTiny);
        float* const components = table_.row(row);
        for (size_t c = 0; c < d; ++c) components[c] -= pace * gradient[c];
      }
    });
  }

  const TrainingPairs& pairs_;
  const ContrastiveOptions& options_;
  const size_t batch_;
  DenseMatrix table_;
  std::vector<float> squares_;  // by row, decayed
  std::mt19937_64 random_;
  std::vector<WeightedRows> texts_;
  std::vector<size_t> passages_;  // of each pair of the batch
  DenseMatrix vectors_;           // by text, unit length
  std::vector<float> inverse_lengths_;
  DenseMatrix gradients_;      // by text
  std::vector<float> shares_;  // batch * batch
};

}  // namespace

DenseMatrix TrainRows(const TrainingPairs& pairs, const ContrastiveOptions& options,
                      const std::function<void(double)>& progress) {
  return Training(pairs, options).Run(progress);
}

}  // namespace policykb
