#include "retriever/synonym_scores.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "retriever/term_statistics.h"

namespace policykb {

namespace {

// What a synonym weighs of the word it stands for: the same matter, in words that were not asked
// for. docs/ranking.md "Synonyms".
constexpr double kSynonymWeight = 0.85;

// What the best synonym of a word gives each entry. Added up for a few thousand entries after the
// other, whose sums stay near the processor: of a million they would not.
class SynonymSums {
 public:
  // For another word.
  void Begin() {
    postings_.clear();
    lists_.clear();
    synonyms_ = 0;
  }
  void BeginSynonym() { ++synonyms_; }
  // Of the synonym that began last. What breaks the grammar is damage that Verify reports; it adds
  // nothing.
  void Add(const LexicalIndex& index, const LexicalIndex::TermList& list, uint32_t weight) {
    const size_t begin = postings_.size();
    if (!index.DecodeCodes(list.position, postings_).ok()) return postings_.resize(begin);
    lists_.push_back(
        {.synonym = synonyms_, .weight = weight, .next = begin, .end = postings_.size()});
  }

  // Calls `take(entry, units)` for each entry that has something.
  template <typename Take>
  void ForEachBest(const Take& take) {
    while (const std::optional<uint32_t> first = FirstLeft()) {
      const uint32_t begin = *first / kWindow * kWindow;
      for (size_t i = 0; i < lists_.size();) i = AddSynonym(i, begin);
      for (const uint32_t at : gaining_) take(begin + at, std::exchange(best_[at], 0));
      gaining_.clear();
    }
  }

 private:
  static constexpr uint32_t kWindow = 8192;

  struct List {
    size_t synonym = 0;
    uint32_t weight = 0;
    size_t next = 0;  // in postings_: the first that is not added yet
    size_t end = 0;
  };

  std::optional<uint32_t> FirstLeft() const {
    std::optional<uint32_t> first;
    for (const List& list : lists_) {
      if (list.next == list.end) continue;
      const uint32_t ordinal = postings_[list.next].ordinal;
      first = std::min(first.value_or(ordinal), ordinal);
    }
    return first;
  }
  // Adds up the lists from `i` on that are of one synonym, as far as the window goes; returns where
  // the next one's begin.
  size_t AddSynonym(size_t i, uint32_t begin) {
    const size_t synonym = lists_[i].synonym;
    touched_.clear();
    for (; i < lists_.size() && lists_[i].synonym == synonym; ++i) {
      List& list = lists_[i];
      for (; list.next < list.end; ++list.next) {
        const CodedPosting& posting = postings_[list.next];
        const uint32_t at = posting.ordinal - begin;
        if (at >= kWindow) break;
        if (each_[at] == 0) touched_.push_back(at);
        each_[at] += list.weight * posting.code;
      }
    }
    for (const uint32_t at : touched_) {
      if (best_[at] == 0) gaining_.push_back(at);
      best_[at] = std::max(best_[at], std::exchange(each_[at], 0));
    }
    return i;
  }

  std::vector<CodedPosting> postings_;  // of one list behind the other
  std::vector<List> lists_;             // by synonym
  size_t synonyms_ = 0;
  // Of the window, zero between uses: the best synonym, the one being looked at.
  std::vector<uint32_t> best_ = std::vector<uint32_t>(kWindow, 0);
  std::vector<uint32_t> each_ = std::vector<uint32_t>(kWindow, 0);
  std::vector<uint32_t> touched_, gaining_;
};

}  // namespace

SynonymScores::SynonymScores(const Snapshot& snapshot, const std::vector<Expansion>& expansions)
    : snapshot_(snapshot) {
  if (expansions.empty()) return;
  passages_ = CountPassages(snapshot);
  for (const auto& segment : snapshot.segments()) documents_ += segment->columns().documents();
  std::unordered_map<std::string_view, size_t> numbers;  // of words_; of none, none has a synonym
  for (const Expansion& expansion : expansions) {
    const auto [known, is_new] = numbers.try_emplace(expansion.word, words_.size());
    if (!is_new) {
      if (known->second < words_.size() && words_[known->second].own.text == expansion.word)
        ++words_[known->second].count;
      continue;
    }
    Word word = {.count = 1, .own = Weigh(expansion.word), .synonyms = {}};
    for (const std::string& synonym : expansion.synonyms) {
      Phrase phrase = Weigh(synonym);
      if (phrase.known && phrase.idf > 0) word.synonyms.push_back(std::move(phrase));
    }
    if (!word.synonyms.empty()) words_.push_back(std::move(word));
  }
}

SynonymScores::Phrase SynonymScores::Weigh(std::string_view text) const {
  Phrase phrase = {.text = std::string(text), .parts = {}, .whole = {}};
  std::vector<Term> terms = Analyze(text);
  std::vector<std::string_view> texts;
  for (const Term& term : terms) texts.push_back(term.text);
  // By segment.
  std::vector<std::vector<std::optional<LexicalIndex::TermList>>> in_passages;
  std::vector<std::vector<std::optional<LexicalIndex::TermList>>> in_documents;
  for (const auto& segment : snapshot_.segments()) {
    in_passages.push_back(segment->passages().FindAll(texts));
    in_documents.push_back(segment->documents().FindAll(texts));
  }
  for (size_t t = 0; t < terms.size(); ++t) {
    Part part = {.text = {}, .kind = terms[t].kind, .passages = {}, .documents = {}};
    double holding = 0;
    double documents_holding = 0;
    for (size_t s = 0; s < snapshot_.segments().size(); ++s) {
      part.passages.push_back(in_passages[s][t]);
      if (part.passages.back()) holding += part.passages.back()->entries;
      part.documents.push_back(in_documents[s][t]);
      if (part.documents.back()) documents_holding += part.documents.back()->entries;
    }
    part.text = std::move(terms[t].text);
    const double factor = TermWeightFactor(part.text, part.kind);
    part.idf = Idf(passages_, holding) * factor;
    part.document_idf = Idf(documents_, documents_holding) * factor;
    (part.kind == TermKind::kUnigram ? phrase.whole.characters : phrase.whole.words) += part.idf;
    phrase.known = phrase.known || holding > 0;
    phrase.parts.push_back(std::move(part));
  }
  const bool longer = phrase.whole.words > 0;
  for (Part& part : phrase.parts) {
    part.scores = !longer || part.kind != TermKind::kUnigram;
    if (!part.scores) continue;
    phrase.idf += part.idf;
    phrase.document_idf += part.document_idf;
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
    for (const Phrase& synonym : word.synonyms) {
      const auto scoring = std::count_if(synonym.parts.begin(), synonym.parts.end(),
                                         [](const Part& part) { return part.scores; });
      most = std::max(most, static_cast<size_t>(scoring));
    }
    sum += most;
  }
  return sum;
}

double SynonymScores::LargestWeight(Level level) const {
  double largest = 0;
  for (const Word& word : words_) {
    for (const Phrase& synonym : word.synonyms) {
      for (const Part& part : synonym.parts) {
        if (!part.scores) continue;
        const double idf = level == Level::kDocuments ? part.document_idf : part.idf;
        largest = std::max(largest, word.count * ScaleOf(word, synonym, level) * idf);
      }
    }
  }
  return largest;
}

std::vector<EntryGain> SynonymScores::GainsOf(size_t segment, Level level, double unit) const {
  if (empty()) return {};
  const bool documents = level == Level::kDocuments;
  const Segment& of = *snapshot_.segments()[segment];
  const LexicalIndex& index = documents ? of.documents() : of.passages();
  std::vector<uint32_t> own;  // by entry: what the word gives, where an entry holds a part of it
  SynonymSums sums;
  std::vector<EntryGain> gains;
  for (const Word& word : words_) {
    // Calls `add(list, weight)` for the lists of a phrase that score.
    const auto for_lists = [&](const Phrase& phrase, double scale, const auto& add) {
      for (const Part& part : phrase.parts) {
        const auto& list = (documents ? part.documents : part.passages)[segment];
        if (!list || !part.scores) continue;
        const double weight = (documents ? part.document_idf : part.idf) * scale * word.count;
        const double units = std::round(weight * double{index.impact_scale()} / unit);
        add(*list, static_cast<uint32_t>(std::max(1.0, units)));
      }
    };
    bool stands = false;
    for_lists(word.own, 1, [&](const LexicalIndex::TermList& list, uint32_t weight) {
      if (!stands) own.assign(index.entries(), 0);
      stands = true;
      index.AddScores(list, weight, own);
    });
    sums.Begin();
    for (const Phrase& synonym : word.synonyms) {
      sums.BeginSynonym();
      for_lists(synonym, ScaleOf(word, synonym, level),
                [&](const LexicalIndex::TermList& list, uint32_t weight) {
                  sums.Add(index, list, weight);
                });
    }
    sums.ForEachBest([&](uint32_t entry, uint32_t best) {
      const uint32_t by_itself = stands ? own[entry] : 0;
      if (best > by_itself) gains.push_back({.entry = entry, .units = best - by_itself});
    });
  }
  return gains;
}

double SynonymScores::Lexical(const LexicalIndex& index, const Phrase& phrase, size_t segment,
                              uint32_t passage) {
  double sum = 0;
  for (const Part& part : phrase.parts) {
    if (part.scores && part.passages[segment])
      sum += double{index.ImpactIn(*part.passages[segment], passage)} * part.idf;
  }
  return sum;
}

std::vector<SynonymScores::Idfs> SynonymScores::Held(const Phrase& phrase, size_t segment,
                                                     const EntrySet& passages) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  std::vector<Idfs> held(passages.size());
  for (const Part& part : phrase.parts) {
    if (!part.passages[segment]) continue;
    const auto kind = part.kind == TermKind::kUnigram ? &Idfs::characters : &Idfs::words;
    for (const uint32_t i : index.Holding(*part.passages[segment], passages))
      held[i].*kind += part.idf;
  }
  return held;
}

std::vector<SynonymScores::Gain> SynonymScores::Gains(size_t segment, uint32_t passage) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  std::vector<Gain> gains;
  for (const Word& word : words_) {
    Gain gain = {.word = word.own.text, .synonym = {}};
    const double own = word.count * Lexical(index, word.own, segment, passage);
    for (const Phrase& synonym : word.synonyms) {
      const double lexical = word.count * ScaleOf(word, synonym, Level::kPassages) *
                             Lexical(index, synonym, segment, passage);
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

std::vector<SynonymScores::Idfs> SynonymScores::Covered(size_t segment,
                                                        const EntrySet& passages) const {
  std::vector<Idfs> covered(passages.size());
  for (const Word& word : words_) {
    const std::vector<Idfs> own = Held(word.own, segment, passages);
    std::vector<Idfs> best = own;
    for (const Phrase& synonym : word.synonyms) {
      const std::vector<Idfs> held = Held(synonym, segment, passages);
      for (const auto kind : {&Idfs::words, &Idfs::characters}) {
        const double whole = synonym.whole.*kind;
        if (whole <= 0) continue;
        const double scale = kSynonymWeight * std::min(1.0, word.own.whole.*kind / whole);
        for (size_t i = 0; i < best.size(); ++i)
          best[i].*kind = std::max(best[i].*kind, scale * held[i].*kind);
      }
    }
    for (size_t i = 0; i < covered.size(); ++i) {
      covered[i].words += best[i].words - own[i].words;
      covered[i].characters += best[i].characters - own[i].characters;
    }
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
