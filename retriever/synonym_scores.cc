#include "retriever/synonym_scores.h"

#include <algorithm>
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

void SynonymScores::AddTo(size_t segment, std::span<float> passages,
                          std::span<float> documents) const {
  const Segment& of = *snapshot_.segments()[segment];
  for (const Word& word : words_) {
    const auto add = [&](const LexicalIndex& index, bool of_documents, std::span<float> scores) {
      std::vector<float> own(scores.size(), 0);
      std::vector<float> best(scores.size(), 0);
      std::vector<float> each(scores.size());
      const auto sum = [&](const Phrase& phrase, double scale, std::vector<float>& into) {
        for (const Part& part : phrase.parts) {
          const auto& list = (of_documents ? part.documents : part.passages)[segment];
          const double idf = of_documents ? part.document_idf : part.idf;
          if (list) index.AddScores(*list, static_cast<float>(idf * scale), into);
        }
      };
      sum(word.own, 1, own);
      for (const Phrase& synonym : word.synonyms) {
        std::fill(each.begin(), each.end(), 0.0F);
        const double whole = of_documents ? synonym.document_idf : synonym.idf;
        const double of_word = of_documents ? word.own.document_idf : word.own.idf;
        sum(synonym, kSynonymWeight * of_word / whole, each);
        for (size_t i = 0; i < best.size(); ++i) best[i] = std::max(best[i], each[i]);
      }
      for (size_t i = 0; i < scores.size(); ++i) scores[i] += std::max(0.0F, best[i] - own[i]);
    };
    add(of.passages(), false, passages);
    add(of.documents(), true, documents);
  }
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
          kSynonymWeight * word.own.idf / synonym.idf * Lexical(index, synonym, segment, passage);
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
        best.words = std::max(best.words, kSynonymWeight * all.words * held.words / whole.words);
      if (whole.characters > 0) {
        best.characters = std::max(
            best.characters, kSynonymWeight * all.characters * held.characters / whole.characters);
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
