#include "core/embedding/sentencepiece_wall.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace policykb {

namespace {

class SpanIterator : public sentencepiece::SentenceIterator {
 public:
  explicit SpanIterator(std::span<const std::string> sentences) : sentences_(sentences) {}
  bool done() const override { return next_ == sentences_.size(); }
  void Next() override { ++next_; }
  const std::string& value() const override { return sentences_[next_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  std::span<const std::string> sentences_;
  size_t next_ = 0;
};

TrainedPieceModel TrainOnce(std::span<const std::string> sentences,
                            const PieceTrainingOptions& options, const std::string& model_type,
                            int vocabulary) {
  const std::unordered_map<std::string, std::string> arguments = {
      {"model_type", model_type},
      {"vocab_size", std::to_string(vocabulary)},
      {"hard_vocab_limit", "false"},
      {"character_coverage", std::to_string(options.coverage)},
      {"normalization_rule_name", "nmt_nfkc_cf"},
      {"max_sentencepiece_length", std::to_string(options.piece_characters)},
      {"seed_sentencepiece_size", std::to_string(options.seed_pieces)},
      {"num_threads", std::to_string(options.threads)},
      {"num_sub_iterations", "1"},
      {"shrinking_factor", "0.5"},
      {"max_sentence_length", "1000000"},
      {"bos_id", "-1"},
      {"eos_id", "-1"},
      {"minloglevel", "3"},
  };
  TrainedPieceModel trained;
  SpanIterator iterator(sentences);
  try {
    const sentencepiece::util::Status status =
        sentencepiece::SentencePieceTrainer::Train(arguments, &iterator, &trained.model);
    if (!status.ok()) trained.error = status.message();
  } catch (const std::exception& error) {
    trained.error = error.what();
  }
  if (trained.error.empty() && trained.model.empty()) trained.error = "empty model";
  if (!trained.error.empty()) trained.model.clear();
  return trained;
}

// A word start alone and letters inside words are what is left of a word that the model does not
// know.
bool IsSilent(std::string_view piece) {
  constexpr std::string_view kWordStart = "\xE2\x96\x81";
  return piece == kWordStart || (piece.size() == 1 && piece[0] >= 'a' && piece[0] <= 'z');
}

}  // namespace

TrainedPieceModel TrainPieceModel(std::span<const std::string> sentences,
                                  const PieceTrainingOptions& options) {
  TrainedPieceModel trained = TrainOnce(sentences, options, "unigram", options.vocabulary);
  if (trained.error.empty()) return trained;
  return TrainOnce(sentences, options, "char", options.vocabulary);
}

struct PieceModel::Rep {
  sentencepiece::SentencePieceProcessor processor;
  std::vector<bool> silent;  // by id
};

PieceModel::PieceModel(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
PieceModel::~PieceModel() = default;

PieceModel::Parsed PieceModel::Parse(std::string_view serialized) {
  auto rep = std::make_unique<Rep>();
  try {
    const sentencepiece::util::Status status =
        rep->processor.LoadFromSerializedProto({serialized.data(), serialized.size()});
    if (!status.ok()) return {nullptr, status.message()};
  } catch (const std::exception& error) {
    return {nullptr, error.what()};
  }
  const int size = rep->processor.GetPieceSize();
  for (int id = 0; id < size; ++id) {
    rep->silent.push_back(IsSilent(rep->processor.IdToPiece(id)));
  }
  return {std::unique_ptr<PieceModel>(new PieceModel(std::move(rep))), ""};
}

int PieceModel::size() const { return rep_->processor.GetPieceSize(); }

std::vector<int> PieceModel::Encode(std::string_view text) const {
  std::vector<int> ids;
  if (!rep_->processor.Encode({text.data(), text.size()}, &ids).ok()) return {};
  std::erase(ids, rep_->processor.unk_id());
  std::vector<int> telling;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(telling),
               [this](int id) { return !rep_->silent[static_cast<size_t>(id)]; });
  return telling.empty() ? ids : telling;
}

}  // namespace policykb
