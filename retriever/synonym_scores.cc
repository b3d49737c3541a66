#include "retriever/synonym_scores.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "retriever/term_statistics.h"

namespace policykb {

namespace {

// What a synonym weighs of the word it stands for: the same matter, in words that were not asked
// for. docs/ranking.md "Synonyms".
constexpr double kSynonymWeight = 0.7;

}  // namespace

SynonymScores::SynonymScores(const Snapshot& snapshot, const std::vector<Expansion>& expansions)
    : snapshot_(snapshot) {
  if (expansions.empty()) return;
  passages_ = CountPassages(snapshot);
  for (const auto& segment : snapshot.segments()) documents_ += segment->columns().documents();
  for (const Expansion& expansion : expansions) {
    Word word = {.own = Weigh(expansion.word), .synonyms = {}};
    for (const std::string& synonym : expansion.synonyms) {
      Phrase phrase = Weigh(synonym);
      if (phrase.known && phrase.idf > 0) word.synonyms.push_back(std::move(phrase));
    }
    if (!word.synonyms.empty()) words_.push_back(std::move(word));
  }
}

SynonymScores::Phrase SynonymScores::Weigh(std::string_view text) const {
  Phrase phrase = {.text = std::string(text), .parts = {}, .whole = {}};
  for (Term& term : Analyze(text)) {
    Part part = {.text = std::move(term.text), .kind = term.kind, .passages = {}, .documents = {}};
    double holding = 0;
    double documents_holding = 0;
    for (const auto& segment : snapshot_.segments()) {
      part.passages.push_back(segment->passages().Find(part.text));
      if (part.passages.back()) holding += part.passages.back()->entries;
      part.documents.push_back(segment->documents().Find(part.text));
      if (part.documents.back()) documents_holding += part.documents.back()->entries;
    }
    const double factor = TermWeightFactor(part.text, part.kind);
    part.idf = Idf(passages_, holding) * factor;
    part.document_idf = Idf(documents_, documents_holding) * factor;
    phrase.idf += part.idf;
    (part.kind == TermKind::kUnigram ? phrase.whole.characters : phrase.whole.words) += part.idf;
    phrase.document_idf += part.document_idf;
    phrase.known = phrase.known || holding > 0;
    phrase.parts.push_back(std::move(part));
  }
  return phrase;
}

double SynonymScores::ScaleOf(const Word& word, const Phrase& synonym, Level level) {
  const bool documents = level == Level::kDocuments;
  const double own = documents ? word.own.document_idf : word.own.idf;
  const double by_itself = documents ? synonym.document_idf : synonym.idf;
  return kSynonymWeight * std::min(1.0, own / by_itself);
}

size_t SynonymScores::lists() const {
  size_t sum = 0;
  for (const Word& word : words_) {
    size_t most = 0;
    for (const Phrase& synonym : word.synonyms) most = std::max(most, synonym.parts.size());
    sum += most;
  }
  return sum;
}

double SynonymScores::LargestWeight(Level level) const {
  double largest = 0;
  for (const Word& word : words_) {
    for (const Phrase& synonym : word.synonyms) {
      for (const Part& part : synonym.parts) {
        const double idf = level == Level::kDocuments ? part.document_idf : part.idf;
        largest = std::max(largest, ScaleOf(word, synonym, level) * idf);
      }
    }
  }
  return largest;
}

std::vector<uint32_t> SynonymScores::GainsOf(size_t segment, Level level, double unit) const {
  const bool documents = level == Level::kDocuments;
  const Segment& of = *snapshot_.segments()[segment];
  const LexicalIndex& index = documents ? of.documents() : of.passages();
  std::vector<uint32_t> gains(index.entries(), 0);
  for (const Word& word : words_) {
    const auto sum = [&](const Phrase& phrase, double scale) {
      std::vector<uint32_t> scores(index.entries(), 0);
      for (const Part& part : phrase.parts) {
        const auto& list = (documents ? part.documents : part.passages)[segment];
        const double weight = (documents ? part.document_idf : part.idf) * scale;
        const double units = std::round(weight * double{index.impact_scale()} / unit);
        if (list) index.AddScores(*list, static_cast<uint32_t>(std::max(1.0, units)), scores);
      }
      return scores;
    };
    const std::vector<uint32_t> own = sum(word.own, 1);
    std::vector<uint32_t> best(index.entries(), 0);
    for (const Phrase& synonym : word.synonyms) {
      const std::vector<uint32_t> each = sum(synonym, ScaleOf(word, synonym, level));
      for (size_t i = 0; i < best.size(); ++i) best[i] = std::max(best[i], each[i]);
    }
    for (size_t i = 0; i < gains.size(); ++i) gains[i] += best[i] > own[i] ? best[i] - own[i] : 0;
  }
  return gains;
}

double SynonymScores::Lexical(const LexicalIndex& index, const Phrase& phrase, size_t segment,
                              uint32_t passage) {
  double sum = 0;
  for (const Part& part : phrase.parts) {
    if (part.passages[segment])
      sum += double{index.ImpactIn(*part.passages[segment], passage)} * part.idf;
  }
  return sum;
}

SynonymScores::Idfs SynonymScores::Held(const Phrase& phrase, size_t segment,
                                        uint32_t passage) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  Idfs held;
  for (const Part& part : phrase.parts) {
    if (!part.passages[segment] || index.ImpactIn(*part.passages[segment], passage) <= 0) continue;
    (part.kind == TermKind::kUnigram ? held.characters : held.words) += part.idf;
  }
  return held;
}

std::vector<SynonymScores::Gain> SynonymScores::Gains(size_t segment, uint32_t passage) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  std::vector<Gain> gains;
  for (const Word& word : words_) {
    Gain gain = {.word = word.own.text, .synonym = {}};
    const double own = Lexical(index, word.own, segment, passage);
    for (const Phrase& synonym : word.synonyms) {
      const double lexical =
          ScaleOf(word, synonym, Level::kPassages) * Lexical(index, synonym, segment, passage);
      if (lexical - own <= gain.lexical) continue;
      gain.synonym = synonym.text;
      gain.lexical = lexical - own;
    }
    if (gain.lexical > 0) gains.push_back(gain);
  }
  return gains;
}

SynonymScores::Idfs SynonymScores::NewlyKnown() const {
  Idfs unknown;
  for (const Word& word : words_) {
    for (const Part& part : word.own.parts) {
      const bool known = std::any_of(part.passages.begin(), part.passages.end(),
                                     [](const auto& list) { return list.has_value(); });
      if (!known)
        (part.kind == TermKind::kUnigram ? unknown.characters : unknown.words) += part.idf;
    }
  }
  return unknown;
}

SynonymScores::Idfs SynonymScores::Covered(size_t segment, uint32_t passage) const {
  Idfs covered;
  for (const Word& word : words_) {
    const Idfs own = Held(word.own, segment, passage);
    const Idfs& all = word.own.whole;
    Idfs best = own;
    for (const Phrase& synonym : word.synonyms) {
      const Idfs held = Held(synonym, segment, passage);
      const Idfs& whole = synonym.whole;
      if (whole.words > 0)
        best.words = std::max(best.words,
                              kSynonymWeight * std::min(1.0, all.words / whole.words) * held.words);
      if (whole.characters > 0) {
        best.characters = std::max(
            best.characters,
            kSynonymWeight * std::min(1.0, all.characters / whole.characters) * held.characters);
      }
    }
    covered.words += best.words - own.words;
    covered.characters += best.characters - own.characters;
  }
  return covered;
}

bool SynonymScores::IsKnown(std::string_view term) const {
  return std::any_of(words_.begin(), words_.end(), [term](const Word& word) {
    return std::any_of(word.own.parts.begin(), word.own.parts.end(),
                       [term](const Part& part) { return part.text == term; });
  });
}

bool SynonymScores::IsHeld(std::string_view term, size_t segment, uint32_t passage) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  for (const Word& word : words_) {
    const bool concerned = std::any_of(word.own.parts.begin(), word.own.parts.end(),
                                       [term](const Part& part) { return part.text == term; });
    if (!concerned) continue;
    for (const Phrase& synonym : word.synonyms) {
      const bool whole =
          std::all_of(synonym.parts.begin(), synonym.parts.end(), [&](const Part& part) {
            return part.passages[segment] && index.ImpactIn(*part.passages[segment], passage) > 0;
          });
      if (whole) return true;
    }
  }
  return false;
}

}  // namespace policykb
