#include "core/embedding/training_pairs.h"

#include <random>

namespace policykb {

namespace {

// Shares chosen on STARD questions; docs/ranking.md "The default embedder" has the figures.
constexpr double kContextPairs = 0.5;  // heading path -> passage; the rest: sentence -> passage
constexpr double kSentenceTakenOut =
    0.8;                              // of a sentence's passage: the sentence itself is missing
constexpr double kContextKept = 0.5;  // and the context is there
constexpr double kThinned = 0.7;      // of sentences as queries: some of their rows are missing
constexpr double kRowLost = 0.3;

void Append(std::vector<uint32_t>& rows, const std::vector<uint32_t>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

// True with that probability. The standard's distributions differ between libraries; this does not.
bool Happens(double probability, std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1p-53 < probability;
}

// Without some of its rows, mostly.
std::vector<uint32_t> Thinned(std::vector<uint32_t> query, std::mt19937_64& random) {
  if (Happens(kThinned, random))
    std::erase_if(query, [&random](uint32_t) { return Happens(kRowLost, random); });
  return query;
}

}  // namespace

TrainingPairs::TrainingPairs(std::vector<PassageRows> passages, std::vector<float> idf)
    : passages_(std::move(passages)), idf_(std::move(idf)) {
  for (size_t i = 0; i < passages_.size(); ++i)
    asked_.insert(asked_.end(), passages_[i].questions.size(), i);
}

WeightedRows TrainingPairs::Weigh(std::vector<uint32_t> rows) const {
  WeightedRows weighted = CountRows(std::move(rows));
  for (size_t i = 0; i < weighted.rows.size(); ++i) weighted.counts[i] *= idf_[weighted.rows[i]];
  return weighted;
}

TrainingPair TrainingPairs::Draw(size_t passage, uint64_t seed) const {
  std::mt19937_64 random(seed);
  const PassageRows& from = passages_[passage];
  const size_t sentences = from.sentences.size();
  std::vector<uint32_t> answer;
  if (sentences == 0 || (!from.context.empty() && Happens(kContextPairs, random))) {
    for (const std::vector<uint32_t>& sentence : from.sentences) Append(answer, sentence);
    return {.query = Weigh(from.context), .passage = Weigh(std::move(answer))};
  }
  const size_t asked = random() % sentences;
  const bool taken_out = sentences > 1 && Happens(kSentenceTakenOut, random);
  if (!taken_out || Happens(kContextKept, random)) answer = from.context;
  for (size_t i = 0; i < sentences; ++i) {
    if (!taken_out || i != asked) Append(answer, from.sentences[i]);
  }
  return {.query = Weigh(Thinned(from.sentences[asked], random)),
          .passage = Weigh(std::move(answer))};
}

TrainingPair TrainingPairs::DrawQuestion(size_t passage, uint64_t seed) const {
  std::mt19937_64 random(seed);
  const PassageRows& from = passages_[passage];
  const std::vector<uint32_t>& question = from.questions[random() % from.questions.size()];
  std::vector<uint32_t> answer = from.context;
  for (const std::vector<uint32_t>& sentence : from.sentences) Append(answer, sentence);
  return {.query = Weigh(Thinned(question, random)), .passage = Weigh(std::move(answer))};
}

}  // namespace policykb
