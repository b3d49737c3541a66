#include "indexer/embedder_selftest.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "core/embedding/transformer/workers.h"

namespace policykb {

namespace {

constexpr size_t kPassageTokens = 128;
constexpr size_t kQueryTokens = 16;
constexpr size_t kPassagesAtATime = 2;
// Of a text alone and among others in f32, where only the order of sums differs.
constexpr double kMostBatchDifference = 1e-5;

// Short and long, Chinese and English, with capitals, numbers and rare characters.
constexpr std::string_view kTexts[] = {
    "养犬人应当自取得犬只之日起三十日内办理养犬登记，登记不收取费用。",
    "第十三条　违反本条例规定，未办理养犬登记的，责令限期改正；逾期不改正的，处五百元以下罚款。",
    "个体工商户登记需要哪些材料？",
    "The licence fee is 15.00 CNY; applications are decided within 5 working days.",
    "How do I appeal a decision of the Water Authority?",
    "甲政发〔2023〕12号",
    "办理时限：自受理之日起20个工作日内办结。",
    "GB/T 22239-2019 信息安全技术 网络安全等级保护基本要求",
    "法",
    "Статья 12. Порядок регистрации",
    "龘靐齉爩 — «‰» 𠀀",
    "小区物业费一直不交会怎么样",
};

double Cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]);
    const auto y = static_cast<double>(b[i]);
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? dot / std::sqrt(aa * bb) : 0;
}

TokenSequence Filler(size_t tokens, size_t vocabulary) {
  TokenSequence sequence;
  for (size_t i = 0; i < tokens; ++i)
    sequence.tokens.push_back(static_cast<int32_t>((1000 + 37 * i) % vocabulary));
  sequence.types.resize(tokens);
  return sequence;
}

class Selftest {
 public:
  Selftest(const TransformerModel& model, size_t workers, absl::Duration time_each)
      : model_(model), workers_(workers), time_each_(time_each) {
    for (const std::string_view text : kTexts) {
      sequences_.push_back(MakeSequence(model.tokenizer(), text, model.config().most_tokens));
      reference_.push_back(
          PoolStates(ReferenceStates(model.config().encoder, model.weights(), sequences_.back()),
                     model.config().encoder.hidden, model.config().pooling));
    }
  }

  const std::vector<TokenSequence>& sequences() const { return sequences_; }

  absl::StatusOr<PrecisionResult> Measure(Precision precision) const {
    PrecisionResult result = {.precision = precision};
    ASSIGN_OR_RETURN(const std::unique_ptr<const Encoder> encoder,
                     Encoder::Create(model_.config().encoder, model_.weights(),
                                     model_.config().pooling, precision));
    result.packed_bytes = encoder->packed_bytes();
    RETURN_IF_ERROR(Compare(*encoder, result));
    ASSIGN_OR_RETURN(result.passages_per_second, PassagesPerSecond(*encoder, 1));
    ASSIGN_OR_RETURN(result.passages_per_second_all, PassagesPerSecond(*encoder, workers_));
    ASSIGN_OR_RETURN(result.query_ms, QueryMs(*encoder));
    result.passed =
        result.lowest_cosine >= LeastCosine(precision) &&
        (precision != Precision::kF32 || result.batch_difference <= kMostBatchDifference);
    return result;
  }

 private:
  absl::Status Compare(const Encoder& encoder, PrecisionResult& result) const {
    const size_t hidden = model_.config().encoder.hidden;
    EncoderScratch scratch;
    ASSIGN_OR_RETURN(std::vector<float> together, encoder.Encode(sequences_, scratch));
    result.lowest_cosine = 1;
    for (size_t i = 0; i < sequences_.size(); ++i) {
      const std::span row(together.data() + i * hidden, hidden);
      result.lowest_cosine = std::min(result.lowest_cosine, Cosine(row, reference_[i]));
      ASSIGN_OR_RETURN(std::vector<float> alone, encoder.Encode({&sequences_[i], 1}, scratch));
      NormalizeLength(row);
      NormalizeLength(alone);
      for (size_t c = 0; c < hidden; ++c) {
        result.batch_difference =
            std::max(result.batch_difference, static_cast<double>(std::abs(row[c] - alone[c])));
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<double> PassagesPerSecond(const Encoder& encoder, size_t workers) const {
    const std::vector<TokenSequence> texts(
        kPassagesAtATime, Filler(std::min(kPassageTokens, model_.config().most_tokens),
                                 model_.config().encoder.vocabulary));
    std::vector<EncoderScratch> scratches(workers);
    const absl::Time begun = absl::Now();
    size_t passages = 0;
    while (passages == 0 || absl::Now() - begun < time_each_) {
      const size_t pieces = 2 * workers;
      RETURN_IF_ERROR(RunWithWorkers(pieces, workers, [&](size_t, size_t worker) {
        return encoder.Encode(texts, scratches[worker]).status();
      }));
      passages += pieces * kPassagesAtATime;
    }
    return static_cast<double>(passages) / absl::ToDoubleSeconds(absl::Now() - begun);
  }

  absl::StatusOr<double> QueryMs(const Encoder& encoder) const {
    const TokenSequence query = Filler(std::min(kQueryTokens, model_.config().most_tokens),
                                       model_.config().encoder.vocabulary);
    std::vector<double> times;
    const absl::Time begun = absl::Now();
    while (times.size() < 3 || absl::Now() - begun < time_each_) {
      const absl::Time start = absl::Now();
      EncoderScratch scratch;
      RETURN_IF_ERROR(encoder.Encode({&query, 1}, scratch).status());
      times.push_back(absl::ToDoubleMilliseconds(absl::Now() - start));
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    return times[times.size() / 2];
  }

  const TransformerModel& model_;
  size_t workers_;
  absl::Duration time_each_;
  std::vector<TokenSequence> sequences_;
  std::vector<std::vector<float>> reference_;  // pooled, of any length
};

std::string Describe(const ModelConfig& config) {
  const EncoderConfig& encoder = config.encoder;
  return Cat(NameOf(encoder.family), ", ", encoder.layers, " layers, hidden ", encoder.hidden,
             ", intermediate ", encoder.intermediate, ", ", encoder.heads, " heads, vocabulary ",
             encoder.vocabulary, ", pooling ", NameOf(config.pooling), ", at most ",
             config.most_tokens, " tokens");
}

}  // namespace

bool SelftestReport::passed() const {
  return std::all_of(precisions.begin(), precisions.end(),
                     [](const PrecisionResult& each) { return each.passed; });
}

double LeastCosine(Precision precision) {
  switch (precision) {
    case Precision::kF32:
      return 0.9999;
    case Precision::kBf16:
      return 0.999;
    case Precision::kInt8:
      return 0.99;
  }
  return 1;
}

absl::StatusOr<SelftestReport> RunEmbedderSelftest(const std::string& folder,
                                                   const TransformerOptions& options,
                                                   absl::Duration time_each) {
  ASSIGN_OR_RETURN(const std::unique_ptr<const TransformerModel> model,
                   TransformerModel::Open(folder, options));
  SelftestReport report;
  report.description = Describe(model->config());
  report.fingerprint = model->fingerprint();
  report.workers = options.workers > 0 ? options.workers : WorkersOfThisMachine();
  const Selftest selftest(*model, report.workers, time_each);
  for (const TokenSequence& sequence : selftest.sequences()) {
    ++report.texts;
    report.tokens += sequence.tokens.size();
    report.unknown_tokens += static_cast<size_t>(std::count(
        sequence.tokens.begin(), sequence.tokens.end(), model->tokenizer().special().unknown));
  }
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (!IsFast(precision)) continue;
    ASSIGN_OR_RETURN(const PrecisionResult result, selftest.Measure(precision));
    report.precisions.push_back(result);
  }
  return report;
}

std::string FormatSelftestReport(const SelftestReport& report) {
  std::string text = Cat("model: ", report.description, "\nfingerprint: ", report.fingerprint,
                         "\ntexts: ", report.texts, " with ", report.tokens, " tokens, ",
                         report.unknown_tokens, " of them unknown\n");
  char line[256];
  std::snprintf(line, sizeof(line), "%-9s %-14s %-12s %12s %12s %10s %9s\n", "precision",
                "lowest cosine", "alone/batch", "passages/s", "all workers", "query ms", "MB");
  text += line;
  for (const PrecisionResult& each : report.precisions) {
    std::snprintf(line, sizeof(line), "%-9s %-14.7f %-12.1e %12.1f %12.1f %10.2f %9.1f  %s\n",
                  std::string(NameOf(each.precision)).c_str(), each.lowest_cosine,
                  each.batch_difference, each.passages_per_second, each.passages_per_second_all,
                  each.query_ms, static_cast<double>(each.packed_bytes) / 1e6,
                  each.passed ? "ok" : "FAILED");
    text += line;
  }
  text += Cat("cosines are to a scalar reference; passages have ", kPassageTokens,
              " tokens, queries ", kQueryTokens, "; workers: ", report.workers, "\n");
  return text;
}

}  // namespace policykb
