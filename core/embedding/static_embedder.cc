#include "core/embedding/static_embedder.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/parallel.h"
#include "core/embedding/transformer/model_config.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "core/embedding/transformer/safetensors.h"

namespace policykb {

namespace {

constexpr size_t kTextsWorthThreads = 64;
constexpr std::string_view kTableName = "embeddings";
// The same table as sentence-transformers names it.
constexpr std::string_view kOtherTableName = "embedding.weight";

struct Table {
  Tensor rows;  // rows*dimension
  size_t dimension = 0;
  std::vector<uint32_t> places;  // row of each token
  std::vector<float> weights;    // of each token
};

absl::Status TableError(const SafetensorsFile& file, std::string_view what) {
  return absl::DataLossError(Cat(file.path(), ": ", what));
}

absl::StatusOr<Table> ReadTable(const SafetensorsFile& file, size_t vocabulary) {
  Table table;
  const std::string_view name = file.Has(kTableName) ? kTableName : kOtherTableName;
  const auto rows = file.tensors().find(name);
  if (rows == file.tensors().end()) return TableError(file, "tensor embeddings missing");
  table.rows = rows->second;
  if (table.rows.shape.size() != 2 || table.rows.elements() == 0) {
    return TableError(
        file, Cat("tensor ", name, ": ", table.rows.Describe(), ", rows and columns expected"));
  }
  table.dimension = table.rows.shape[1];
  for (size_t token = 0; token < vocabulary; ++token)
    table.places.push_back(static_cast<uint32_t>(token));
  table.weights.assign(vocabulary, 1);
  if (file.Has("weights")) {
    ASSIGN_OR_RETURN(const Tensor weights, file.Find("weights", {vocabulary}));
    table.weights = ReadFloats(weights);
  }
  if (file.Has("mapping")) {
    ASSIGN_OR_RETURN(const Tensor mapping, file.Find("mapping", {vocabulary}));
    if (mapping.type != TensorType::kI32 && mapping.type != TensorType::kI64) {
      return TableError(file, Cat("tensor mapping: ", mapping.Describe(), ", I32 or I64 expected"));
    }
    // Rows are few enough to be exact in floats.
    const std::vector<float> places = ReadFloats(mapping);
    for (size_t token = 0; token < vocabulary; ++token) {
      if (!(places[token] >= 0) || places[token] >= static_cast<float>(table.rows.shape[0])) {
        return TableError(file,
                          Cat("tensor mapping: token ", token, " has row ",
                              static_cast<double>(places[token]), " of ", table.rows.shape[0]));
      }
      table.places[token] = static_cast<uint32_t>(places[token]);
    }
  } else if (table.rows.shape[0] < vocabulary) {
    return TableError(file, Cat("tensor ", name, ": ", table.rows.shape[0],
                                " rows, the tokenizer has ", vocabulary, " tokens"));
  }
  const auto is_finite = [](float weight) { return std::isfinite(weight); };
  if (!std::all_of(table.weights.begin(), table.weights.end(), is_finite))
    return TableError(file, "tensor weights: a weight is not finite");
  return table;
}

class StaticEmbedder : public Embedder {
 public:
  StaticEmbedder(SafetensorsFile file, Table table, std::unique_ptr<Tokenizer> tokenizer,
                 size_t most_tokens, std::string fingerprint)
      : file_(std::move(file)),
        table_(std::move(table)),
        tokenizer_(std::move(tokenizer)),
        most_tokens_(most_tokens),
        fingerprint_(std::move(fingerprint)) {}

  int dimension() const override { return static_cast<int>(table_.dimension); }
  const std::string& fingerprint() const override { return fingerprint_; }
  uint64_t texts_cut() const override { return texts_cut_; }

  // Never fails.
  absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const override {
    std::vector<float> vectors(texts.size() * table_.dimension);
    ParallelRanges(texts.size(), kTextsWorthThreads, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) {
        if (Embed(texts[i], {vectors.data() + i * table_.dimension, table_.dimension}))
          ++texts_cut_;
      }
    });
    return vectors;
  }

  absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const override {
    std::vector<float> vector(table_.dimension);
    Embed(text, vector);
    return vector;
  }

 private:
  // Whether the text was cut.
  bool Embed(std::string_view text, std::span<float> vector) const {
    std::vector<int32_t> tokens = tokenizer_->Encode(text);
    std::erase(tokens, tokenizer_->special().unknown);
    const bool cut = tokens.size() > most_tokens_;
    if (cut) tokens.resize(most_tokens_);
    std::vector<float> row(table_.dimension);
    for (const int32_t token : tokens) {
      const auto place = static_cast<size_t>(token);
      ReadFloats(table_.rows, table_.places[place] * table_.dimension, table_.dimension,
                 row.data());
      for (size_t c = 0; c < table_.dimension; ++c) vector[c] += row[c] * table_.weights[place];
    }
    NormalizeLength(vector);
    return cut;
  }

  SafetensorsFile file_;  // holds what table_ views
  Table table_;
  std::unique_ptr<Tokenizer> tokenizer_;
  size_t most_tokens_;
  std::string fingerprint_;
  mutable std::atomic<uint64_t> texts_cut_ = 0;
};

}  // namespace

std::vector<std::string> StaticEmbedderFiles(const std::string& folder) {
  std::vector<std::string> names = TokenizerFiles(folder);
  names.emplace_back(kWeightsFile);
  return names;
}

absl::StatusOr<std::unique_ptr<Embedder>> OpenStaticEmbedder(const std::string& folder,
                                                             const StaticEmbedderOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Tokenizer> tokenizer, OpenTokenizer(folder, options.casing));
  ASSIGN_OR_RETURN(SafetensorsFile file, SafetensorsFile::Open(JoinPath(folder, kWeightsFile)));
  ASSIGN_OR_RETURN(Table table, ReadTable(file, static_cast<size_t>(tokenizer->vocabulary())));
  Digest digest;
  digest.Add("static");
  digest.Add(file.bytes());
  for (const std::string& name : TokenizerFiles(folder)) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(JoinPath(folder, name)));
    digest.Add(bytes);
  }
  digest.Add(static_cast<int64_t>(options.casing));
  digest.Add(static_cast<int64_t>(options.most_tokens));
  return std::make_unique<StaticEmbedder>(std::move(file), std::move(table), std::move(tokenizer),
                                          options.most_tokens, digest.Hex());
}

}  // namespace policykb
