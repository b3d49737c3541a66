#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/corpus_embedder.h"
#include "core/embedding/embedding_table.h"
#include "core/embedding/feature_rows.h"
#include "core/embedding/latent_space.h"
#include "core/embedding/parallel.h"
#include "core/embedding/row_sums.h"
#include "core/embedding/sentencepiece_wall.h"
#include "core/embedding/text_features.h"

namespace policykb {

namespace {

// What training reads of a large corpus; keeps its memory and time within bounds.
constexpr size_t kMaxPassages = 100000;
constexpr size_t kMaxBytes = size_t{64} << 20;
// A text that is one huge passage is cut here for training, at no particular place.
constexpr size_t kMaxPassageBytes = size_t{1} << 20;
constexpr size_t kWorthThreads = 64;
// Features of fewer passages than this teach nothing, unless the corpus is small.
constexpr uint32_t kRare = 2;
constexpr size_t kSmallCorpus = 1000;
// Rows are feature coordinates V * S^p; p and the lack of power iterations by retrieval quality on
// STARD questions.
constexpr float kSingularPower = 0.5F;
constexpr int kPowerIterations = 0;
constexpr float kRowLevels = 127;
// Progress after each stage, by its share of the time.
constexpr double kAfterFeatures = 0.2;
constexpr double kAfterPieces = 0.3;
constexpr double kAfterRows = 0.4;
constexpr double kAfterSpace = 0.95;

absl::Status CheckOptions(const CorpusEmbedderOptions& options) {
  const size_t dimension = static_cast<size_t>(std::max(options.dimension, 0));
  if (dimension == 0 || dimension % kRowLanes != 0 || dimension > 4096) {
    return absl::InvalidArgumentError(Cat("embedder dimension ", options.dimension,
                                          ", a multiple of ", kRowLanes, " up to 4096 expected"));
  }
  if (options.vocabulary < 1 || options.han_keys < 0 || options.training_sentences < 1) {
    return absl::InvalidArgumentError(
        Cat("embedder vocabulary ", options.vocabulary, ", han_keys ", options.han_keys,
            ", training_sentences ", options.training_sentences, ", positive numbers expected"));
  }
  return absl::OkStatus();
}

// Evenly spaced passages, within the limits above.
std::vector<std::string_view> SamplePassages(std::span<const std::string_view> passages) {
  size_t bytes = 0;
  for (const std::string_view passage : passages)
    bytes += std::min(passage.size(), kMaxPassageBytes);
  const size_t step = std::max({size_t{1}, (passages.size() + kMaxPassages - 1) / kMaxPassages,
                                (bytes + kMaxBytes - 1) / kMaxBytes});
  std::vector<std::string_view> sample;
  for (size_t i = 0; i < passages.size(); i += step) {
    sample.push_back(passages[i].substr(0, kMaxPassageBytes));
  }
  return sample;
}

// The keys of the most passages, rising.
std::vector<uint64_t> ChooseHanKeys(const std::vector<TextFeatures>& features, size_t most) {
  std::unordered_map<uint64_t, uint32_t> passages_with;
  std::vector<uint64_t> distinct;
  for (const TextFeatures& passage : features) {
    distinct = passage.han_keys;
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (const uint64_t key : distinct) ++passages_with[key];
  }
  const uint32_t least = features.size() < kSmallCorpus ? 1 : kRare;
  std::vector<std::pair<uint32_t, uint64_t>> ranked;
  for (const auto& [key, count] : passages_with) {
    if (count >= least) ranked.emplace_back(count, key);
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  ranked.resize(std::min(ranked.size(), most));
  std::vector<uint64_t> keys;
  keys.reserve(ranked.size());
  for (const auto& [count, key] : ranked) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

// The serialized piece model of the passages' words; empty when there are none.
absl::StatusOr<std::string> TrainPieces(const std::vector<TextFeatures>& features,
                                        const CorpusEmbedderOptions& options) {
  std::vector<std::string> sentences;
  for (const TextFeatures& passage : features) {
    if (!passage.words.empty()) sentences.push_back(passage.words);
  }
  if (sentences.empty()) return "";
  const size_t most = static_cast<size_t>(options.training_sentences);
  if (sentences.size() > most) {
    std::vector<std::string> sample;
    for (size_t i = 0; i < most; ++i) {
      sample.push_back(std::move(sentences[i * sentences.size() / most]));
    }
    sentences = std::move(sample);
  }
  TrainedPieceModel trained = TrainPieceModel(sentences, {.vocabulary = options.vocabulary});
  if (!trained.error.empty()) {
    return absl::InternalError(Cat("training of the piece model: ", trained.error));
  }
  return std::move(trained.model);
}

// ln((n + 1) / df) of each row; 0 for rows of no passage.
std::vector<float> RowIdf(const std::vector<WeightedRows>& passages, size_t rows) {
  std::vector<uint32_t> passages_with(rows);
  for (const WeightedRows& passage : passages) {
    for (const uint32_t row : passage.rows) ++passages_with[row];
  }
  std::vector<float> idf(rows);
  const double n = static_cast<double>(passages.size());
  for (size_t row = 0; row < rows; ++row) {
    if (passages_with[row] > 0)
      idf[row] = static_cast<float>(std::log((n + 1) / passages_with[row]));
  }
  return idf;
}

// Rows of unit length: (1 + ln tf) * idf, normalised. Empty passages are left out. Consumes
// `passages`.
SparseMatrix PassageMatrix(std::vector<WeightedRows> passages, const std::vector<float>& idf) {
  SparseMatrix matrix;
  matrix.column_count = idf.size();
  size_t entries = 0;
  for (const WeightedRows& passage : passages) entries += passage.rows.size();
  matrix.columns.reserve(entries);
  matrix.values.reserve(entries);
  for (WeightedRows& passage : passages) {
    double square = 0;
    for (size_t i = 0; i < passage.rows.size(); ++i) {
      passage.counts[i] *= idf[passage.rows[i]];
      square += static_cast<double>(passage.counts[i]) * static_cast<double>(passage.counts[i]);
    }
    if (!(square > 0)) continue;
    const float inverse = static_cast<float>(1 / std::sqrt(square));
    for (size_t i = 0; i < passage.rows.size(); ++i) {
      matrix.columns.push_back(passage.rows[i]);
      matrix.values.push_back(passage.counts[i] * inverse);
    }
    matrix.starts.push_back(matrix.columns.size());
    passage = WeightedRows();
  }
  return matrix;
}

// Rows as they are stored, with the weights that go with them.
struct CodedRows {
  size_t dimension = 0;
  std::vector<int8_t> rows;
  std::vector<float> weights;
};

CodedRows CodeRows(const LatentSpace& space, const std::vector<float>& idf) {
  const size_t rank = space.singular_values.size();
  CodedRows coded;
  coded.dimension = std::max<size_t>((rank + kRowLanes - 1) / kRowLanes, 1) * kRowLanes;
  coded.rows.resize(idf.size() * coded.dimension);
  coded.weights.resize(idf.size());
  std::vector<float> factors(rank);
  for (size_t i = 0; i < rank; ++i) {
    factors[i] = std::pow(space.singular_values[i] / space.singular_values[0], kSingularPower);
  }
  std::vector<float> row(rank);
  for (size_t feature = 0; feature < idf.size(); ++feature) {
    double square = 0;
    float largest = 0;
    for (size_t i = 0; i < rank; ++i) {
      row[i] = space.directions.row(feature)[i] * factors[i];
      square += static_cast<double>(row[i]) * static_cast<double>(row[i]);
      largest = std::max(largest, std::fabs(row[i]));
    }
    if (idf[feature] == 0 || !(largest > 1e-12F)) continue;
    for (size_t i = 0; i < rank; ++i) {
      coded.rows[feature * coded.dimension + i] =
          static_cast<int8_t>(std::nearbyint(row[i] / largest * kRowLevels));
    }
    // code * largest / 127 / length is the component of the unit row.
    coded.weights[feature] = idf[feature] * static_cast<float>(static_cast<double>(largest) /
                                                               kRowLevels / std::sqrt(square));
  }
  return coded;
}

}  // namespace

absl::Status TrainCorpusEmbedder(std::span<const std::string_view> passages,
                                 const CorpusEmbedderOptions& options, const std::string& folder,
                                 const std::function<void(double)>& progress) {
  RETURN_IF_ERROR(CheckOptions(options));
  const auto report = [&progress](double fraction) {
    if (progress) progress(fraction);
  };
  const std::vector<std::string_view> sample = SamplePassages(passages);
  std::vector<TextFeatures> features(sample.size());
  ParallelRanges(sample.size(), kWorthThreads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) features[i] = ExtractFeatures(sample[i]);
  });
  const std::vector<uint64_t> keys = ChooseHanKeys(features, static_cast<size_t>(options.han_keys));
  report(kAfterFeatures);

  ASSIGN_OR_RETURN(const std::string model, TrainPieces(features, options));
  if (model.empty() && keys.empty()) {
    return absl::InvalidArgumentError(
        Cat(passages.size(), " passages to train an embedder on, and no word among them"));
  }
  PieceModel::Parsed pieces;
  if (!model.empty()) {
    pieces = PieceModel::Parse(model);
    if (pieces.model == nullptr) {
      return absl::InternalError(Cat("piece model just trained: ", pieces.error));
    }
  }
  report(kAfterPieces);

  const FeatureRows rows(std::move(pieces.model), keys);
  std::vector<WeightedRows> weighted(sample.size());
  ParallelRanges(sample.size(), kWorthThreads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      weighted[i] = rows.Rows(features[i]);
      features[i] = TextFeatures();
    }
  });
  const std::vector<float> idf = RowIdf(weighted, rows.piece_rows() + keys.size());
  const SparseMatrix matrix = PassageMatrix(std::move(weighted), idf);
  report(kAfterRows);

  const std::optional<LatentSpace> space = FindLatentSpace(
      matrix,
      {.dimension = static_cast<size_t>(options.dimension),
       .power_iterations = kPowerIterations,
       .seed = options.seed},
      [&report](double fraction) { report(kAfterRows + (kAfterSpace - kAfterRows) * fraction); });
  if (!space) return absl::InternalError("latent space of the passages did not converge");
  const CodedRows coded = CodeRows(*space, idf);
  const EmbeddingTable table{.dimension = coded.dimension,
                             .pieces = rows.piece_rows(),
                             .piece_model_checksum = Checksum64(model),
                             .han_keys = keys,
                             .weights = coded.weights,
                             .rows = coded.rows};
  RETURN_IF_ERROR(WriteFileAtomically(JoinPath(folder, kCorpusEmbedderPieces), model));
  RETURN_IF_ERROR(
      WriteFileAtomically(JoinPath(folder, kCorpusEmbedderTable), EncodeEmbeddingTable(table)));
  report(1);
  return absl::OkStatus();
}

}  // namespace policykb
