// Training of the corpus embedder; embedding with it is corpus_embedder.cc.

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/span.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/contrastive_training.h"
#include "core/embedding/corpus_embedder.h"
#include "core/embedding/embedding_table.h"
#include "core/embedding/feature_rows.h"
#include "core/embedding/parallel.h"
#include "core/embedding/row_sums.h"
#include "core/embedding/sentencepiece_wall.h"
#include "core/embedding/text_features.h"
#include "core/embedding/training_pairs.h"
#include "core/text/sentences.h"

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
// A clause below this is no question: an enumerator, a word.
constexpr size_t kShortestClause = 12;
constexpr float kRowLevels = 127;
// Progress after each stage, by its share of the time.
constexpr double kAfterFeatures = 0.05;
constexpr double kAfterPieces = 0.1;

absl::Status CheckOptions(const CorpusEmbedderOptions& options) {
  const size_t dimension = static_cast<size_t>(std::max(options.dimension, 0));
  if (dimension == 0 || dimension % kRowLanes != 0 || dimension > 4096) {
    return absl::InvalidArgumentError(Cat("embedder dimension ", options.dimension,
                                          ", a multiple of ", kRowLanes, " up to 4096 expected"));
  }
  if (options.vocabulary < 1 || options.han_keys < 0 || options.training_steps < 0 ||
      options.training_sentences < 1) {
    return absl::InvalidArgumentError(
        Cat("embedder vocabulary ", options.vocabulary, ", han_keys ", options.han_keys,
            ", training_steps ", options.training_steps, ", training_sentences ",
            options.training_sentences, ", positive numbers expected"));
  }
  return absl::OkStatus();
}

// Features of a passage's parts.
struct PassageFeatures {
  TextFeatures context;
  std::vector<TextFeatures> clauses;
  std::vector<TextFeatures> questions;
};

// Appends the parts of `sentence` that end behind one of `marks`, none but the last one short.
void Divide(std::string_view sentence, std::span<const std::string_view> marks,
            std::vector<std::string_view>& parts) {
  size_t begin = 0;
  for (size_t at = 0; at < sentence.size();) {
    const std::string_view rest = sentence.substr(at);
    const auto mark = std::find_if(marks.begin(), marks.end(),
                                   [rest](std::string_view m) { return rest.starts_with(m); });
    at += mark == marks.end() ? 1 : mark->size();
    if (mark != marks.end() && at - begin >= kShortestClause) {
      parts.push_back(sentence.substr(begin, at - begin));
      begin = at;
    }
  }
  if (begin < sentence.size()) parts.push_back(sentence.substr(begin));
}

// Sentences, divided where a list of the law has its semicolons and colons; a text of one such
// clause is divided at its commas, to have parts that can stand for each other.
std::vector<std::string_view> Clauses(std::string_view text) {
  constexpr std::array<std::string_view, 2> kListMarks = {"；", "："};
  constexpr std::array<std::string_view, 2> kCommas = {"，", ", "};
  std::vector<std::string_view> clauses;
  for (const Span& span : SplitSentences(text)) Divide(Slice(text, span), kListMarks, clauses);
  if (clauses.size() != 1) return clauses;
  std::vector<std::string_view> parts;
  Divide(clauses[0], kCommas, parts);
  return parts;
}

PassageFeatures FeaturesOf(const TrainingPassage& passage) {
  PassageFeatures features = {
      .context = ExtractFeatures(passage.context), .clauses = {}, .questions = {}};
  for (const std::string_view question : passage.questions)
    features.questions.push_back(ExtractFeatures(question));
  for (const std::string_view clause : Clauses(passage.text.substr(0, kMaxPassageBytes))) {
    features.clauses.push_back(ExtractFeatures(clause));
  }
  return features;
}

// Evenly spaced passages, within the limits above.
std::vector<PassageFeatures> SamplePassages(std::span<const TrainingPassage> passages) {
  size_t bytes = 0;
  for (const TrainingPassage& passage : passages)
    bytes += passage.context.size() + std::min(passage.text.size(), kMaxPassageBytes);
  const size_t step = std::max({size_t{1}, (passages.size() + kMaxPassages - 1) / kMaxPassages,
                                (bytes + kMaxBytes - 1) / kMaxBytes});
  std::vector<PassageFeatures> sample((passages.size() + step - 1) / step);
  ParallelRanges(sample.size(), kWorthThreads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) sample[i] = FeaturesOf(passages[i * step]);
  });
  return sample;
}

// The keys of the most passages, rising.
std::vector<uint64_t> ChooseHanKeys(const std::vector<PassageFeatures>& passages, size_t most) {
  std::unordered_map<uint64_t, uint32_t> passages_with;
  std::vector<uint64_t> distinct;
  for (const PassageFeatures& passage : passages) {
    distinct = passage.context.han_keys;
    for (const TextFeatures& clause : passage.clauses)
      distinct.insert(distinct.end(), clause.han_keys.begin(), clause.han_keys.end());
    for (const TextFeatures& question : passage.questions)
      distinct.insert(distinct.end(), question.han_keys.begin(), question.han_keys.end());
    std::sort(distinct.begin(), distinct.end());
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    for (const uint64_t key : distinct) ++passages_with[key];
  }
  const uint32_t least = passages.size() < kSmallCorpus ? 1 : kRare;
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
absl::StatusOr<std::string> TrainPieces(const std::vector<PassageFeatures>& passages,
                                        const CorpusEmbedderOptions& options) {
  std::vector<std::string> sentences;
  for (const PassageFeatures& passage : passages) {
    std::string words = passage.context.words;
    for (const TextFeatures& clause : passage.clauses) {
      if (!words.empty() && !clause.words.empty()) words += ' ';
      words += clause.words;
    }
    if (!words.empty()) sentences.push_back(std::move(words));
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

// Consumes `passages`. Passages without any row are left out.
std::vector<PassageRows> RowsOf(std::vector<PassageFeatures> passages, const FeatureRows& rows) {
  std::vector<PassageRows> found(passages.size());
  ParallelRanges(passages.size(), kWorthThreads, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      found[i].context = rows.Rows(passages[i].context);
      for (const TextFeatures& clause : passages[i].clauses) {
        std::vector<uint32_t> of_clause = rows.Rows(clause);
        if (!of_clause.empty()) found[i].sentences.push_back(std::move(of_clause));
      }
      for (const TextFeatures& question : passages[i].questions) {
        std::vector<uint32_t> of_question = rows.Rows(question);
        if (!of_question.empty()) found[i].questions.push_back(std::move(of_question));
      }
      passages[i] = PassageFeatures();
    }
  });
  std::erase_if(found, [](const PassageRows& passage) {
    return passage.context.empty() && passage.sentences.empty();
  });
  return found;
}

// ln((n + 1) / df) of each row; 0 for rows of no passage.
std::vector<float> RowIdf(const std::vector<PassageRows>& passages, size_t rows) {
  std::vector<uint32_t> passages_with(rows);
  std::vector<size_t> last_seen(rows, passages.size());
  const auto see = [&](uint32_t row, size_t passage) {
    if (std::exchange(last_seen[row], passage) != passage) ++passages_with[row];
  };
  for (size_t i = 0; i < passages.size(); ++i) {
    for (const uint32_t row : passages[i].context) see(row, i);
    for (const std::vector<uint32_t>& sentence : passages[i].sentences) {
      for (const uint32_t row : sentence) see(row, i);
    }
    for (const std::vector<uint32_t>& question : passages[i].questions) {
      for (const uint32_t row : question) see(row, i);
    }
  }
  std::vector<float> idf(rows);
  const double n = static_cast<double>(passages.size());
  for (size_t row = 0; row < rows; ++row) {
    if (passages_with[row] > 0)
      idf[row] = static_cast<float>(std::log((n + 1) / passages_with[row]));
  }
  return idf;
}

// Rows as they are stored, with the weights that go with them.
struct CodedRows {
  std::vector<int8_t> rows;
  std::vector<float> weights;
};

CodedRows CodeRows(const DenseMatrix& trained, const std::vector<float>& idf) {
  CodedRows coded;
  coded.rows.resize(trained.values.size());
  coded.weights.resize(trained.rows);
  for (size_t feature = 0; feature < trained.rows; ++feature) {
    const float* const row = trained.row(feature);
    float largest = 0;
    for (size_t c = 0; c < trained.columns; ++c) largest = std::max(largest, std::fabs(row[c]));
    if (idf[feature] == 0 || !(largest > 1e-12F)) continue;
    for (size_t c = 0; c < trained.columns; ++c) {
      coded.rows[feature * trained.columns + c] =
          static_cast<int8_t>(std::nearbyint(row[c] / largest * kRowLevels));
    }
    // code * largest / 127 is the component.
    coded.weights[feature] = idf[feature] * largest / kRowLevels;
  }
  return coded;
}

}  // namespace

absl::Status TrainCorpusEmbedder(std::span<const TrainingPassage> passages,
                                 const CorpusEmbedderOptions& options, const std::string& folder,
                                 const std::function<void(double)>& progress) {
  RETURN_IF_ERROR(CheckOptions(options));
  const auto report = [&progress](double fraction) {
    if (progress) progress(fraction);
  };
  std::vector<PassageFeatures> sample = SamplePassages(passages);
  const std::vector<uint64_t> keys = ChooseHanKeys(sample, static_cast<size_t>(options.han_keys));
  report(kAfterFeatures);

  ASSIGN_OR_RETURN(const std::string model, TrainPieces(sample, options));
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
  std::vector<PassageRows> row_passages = RowsOf(std::move(sample), rows);
  const std::vector<float> idf = RowIdf(row_passages, rows.piece_rows() + keys.size());
  const DenseMatrix trained = TrainRows(
      TrainingPairs(std::move(row_passages), idf),
      {.dimension = static_cast<size_t>(options.dimension),
       .steps = options.training_steps,
       .seed = options.seed},
      [&report](double fraction) { report(kAfterPieces + (1 - kAfterPieces) * fraction); });
  const CodedRows coded = CodeRows(trained, idf);
  const EmbeddingTable table{.dimension = trained.columns,
                             .pieces = rows.piece_rows(),
                             .piece_model_checksum = Checksum64(model),
                             .han_keys = keys,
                             .weights = coded.weights,
                             .rows = coded.rows};
  RETURN_IF_ERROR(WriteFileAtomically(JoinPath(folder, kCorpusEmbedderPieces), model));
  return WriteFileAtomically(JoinPath(folder, kCorpusEmbedderTable), EncodeEmbeddingTable(table));
}

}  // namespace policykb
