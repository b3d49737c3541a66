#include "core/embedding/corpus_embedder.h"

#include <cmath>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/embedding_table.h"
#include "core/embedding/feature_rows.h"
#include "core/embedding/parallel.h"
#include "core/embedding/row_sums.h"

namespace policykb {

namespace {

constexpr size_t kTextsWorthThreads = 64;

class TableEmbedder : public Embedder {
 public:
  TableEmbedder(MappedFile file, const EmbeddingTable& table, FeatureRows features,
                std::string fingerprint)
      : file_(std::move(file)),
        table_(table),
        features_(std::move(features)),
        fingerprint_(std::move(fingerprint)) {}

  int dimension() const override { return static_cast<int>(table_.dimension); }
  const std::string& fingerprint() const override { return fingerprint_; }

  // Never fails.
  absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const override {
    std::vector<float> vectors(texts.size() * table_.dimension);
    ParallelRanges(texts.size(), kTextsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        Embed(texts[i], vectors.data() + i * table_.dimension);
      }
    });
    return vectors;
  }

  absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const override {
    std::vector<float> vector(table_.dimension);
    Embed(text, vector.data());
    return vector;
  }

 private:
  void Embed(std::string_view text, float* vector) const {
    WeightedRows weighted = CountRows(features_.Rows(ExtractFeatures(text)));
    for (size_t i = 0; i < weighted.rows.size(); ++i) {
      weighted.counts[i] *= table_.weights[weighted.rows[i]];
    }
    SumRows(table_.rows.data(), table_.dimension, weighted.rows.data(), weighted.counts.data(),
            weighted.rows.size(), vector);
    double square = 0;
    for (size_t i = 0; i < table_.dimension; ++i) {
      square += static_cast<double>(vector[i]) * static_cast<double>(vector[i]);
    }
    if (!(square > 0)) return;
    const double inverse = 1 / std::sqrt(square);
    for (size_t i = 0; i < table_.dimension; ++i) {
      vector[i] = static_cast<float>(static_cast<double>(vector[i]) * inverse);
    }
  }

  MappedFile file_;  // holds what table_ views
  EmbeddingTable table_;
  FeatureRows features_;
  std::string fingerprint_;
};

absl::StatusOr<std::unique_ptr<const PieceModel>> ParsePieces(const std::string& model,
                                                              const EmbeddingTable& table) {
  if (Checksum64(model) != table.piece_model_checksum) {
    return absl::DataLossError("piece model is not the one that the table was made with");
  }
  if (model.empty()) return nullptr;
  PieceModel::Parsed parsed = PieceModel::Parse(model);
  if (parsed.model == nullptr) return absl::DataLossError(Cat("piece model: ", parsed.error));
  return std::unique_ptr<const PieceModel>(std::move(parsed.model));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> OpenCorpusEmbedder(const std::string& folder) {
  const std::string table_path = JoinPath(folder, kCorpusEmbedderTable);
  const std::string pieces_path = JoinPath(folder, kCorpusEmbedderPieces);
  ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(table_path));
  ASSIGN_OR_RETURN_IN(const EmbeddingTable table, DecodeEmbeddingTable(file.bytes()), table_path);
  ASSIGN_OR_RETURN(const std::string model, ReadFile(pieces_path));
  ASSIGN_OR_RETURN_IN(std::unique_ptr<const PieceModel> pieces, ParsePieces(model, table),
                      pieces_path);
  FeatureRows features(std::move(pieces), table.han_keys);
  if (features.piece_rows() != table.pieces) {
    return absl::DataLossError(Cat(pieces_path, ": ", features.piece_rows(), " pieces, ",
                                   table.pieces, " expected by the table"));
  }
  Digest digest;
  digest.Add("corpus embedder, contrastive");
  digest.Add(static_cast<int64_t>(table.dimension));
  digest.Add(model);
  digest.Add(file.bytes());
  return std::make_unique<TableEmbedder>(std::move(file), table, std::move(features), digest.Hex());
}

}  // namespace policykb
