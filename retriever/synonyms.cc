#include "retriever/synonyms.h"

#include <algorithm>

#include "core/base/strings.h"
#include "core/text/answer_kind.h"
#include "core/text/everyday_words.h"
#include "core/text/phrase.h"

namespace policykb {

namespace {

// A run of units of the query that is a listed word.
struct Match {
  size_t first = 0;
  size_t units = 0;
  const std::vector<std::string>* synonyms = nullptr;
};

}  // namespace

SynonymTable::SynonymTable(const StoredEditorial* editorial, EverydayWordUse everyday_words) {
  if (editorial != nullptr) AddEditorial(*editorial);
  if (everyday_words == EverydayWordUse::kIgnore) return;
  const auto listed = synonyms_;
  for (const EverydayWord& everyday : AllEverydayWords()) {
    const std::string word(everyday.word);
    const auto by_team = listed.find(PhraseKey(word));
    if (by_team != listed.end() && !by_team->second.empty()) continue;
    for (const std::string_view official : Split(everyday.official, ' '))
      Add(word, std::string(official));
  }
}

void SynonymTable::AddEditorial(const StoredEditorial& editorial) {
  const Editorial words = editorial.LoadWords();
  for (const std::vector<std::string>& group : words.synonym_groups) {
    for (const std::string& word : group) {
      for (const std::string& other : group) {
        if (&other != &word) Add(word, other);
      }
    }
  }
  for (const OneWaySynonym& synonym : words.one_way) {
    for (const std::string& other : synonym.means) Add(synonym.word, other);
  }
}

void SynonymTable::Add(const std::string& word, const std::string& synonym) {
  const std::string key = PhraseKey(word);
  if (key.empty() || PhraseKey(synonym).empty()) return;
  std::vector<std::string>& known = synonyms_[key];
  if (std::find(known.begin(), known.end(), synonym) == known.end()) known.push_back(synonym);
  std::string beginning;
  for (const PhraseUnit& unit : PhraseUnits(word)) {
    beginning += PhraseKeyOf(unit);
    synonyms_.try_emplace(beginning);
  }
}

std::vector<Expansion> SynonymTable::Find(std::string_view query) const {
  std::vector<Expansion> found;
  if (synonyms_.empty()) return found;
  const std::vector<PhraseUnit> units = PhraseUnits(query);
  std::vector<Match> matches;
  for (size_t first = 0; first < units.size(); ++first) {
    std::string key;
    for (size_t count = 1; first + count <= units.size(); ++count) {
      const PhraseUnit& unit = units[first + count - 1];
      if (count > 1 && !unit.follows) break;
      key += PhraseKeyOf(unit);
      const auto known = synonyms_.find(key);
      if (known == synonyms_.end()) break;  // no word begins like this
      if (!known->second.empty())
        matches.push_back({.first = first, .units = count, .synonyms = &known->second});
    }
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& a, const Match& b) { return a.units > b.units; });
  std::vector<bool> taken(units.size(), false);
  for (const Match& match : matches) {
    const auto begin = taken.begin() + static_cast<std::ptrdiff_t>(match.first);
    const auto end = begin + static_cast<std::ptrdiff_t>(match.units);
    if (std::find(begin, end, true) != end) continue;
    std::fill(begin, end, true);
    const Span span = {.start = units[match.first].span.start,
                       .end = units[match.first + match.units - 1].span.end};
    found.push_back(
        {.span = span, .word = std::string(Slice(query, span)), .synonyms = *match.synonyms});
  }
  std::sort(found.begin(), found.end(),
            [](const Expansion& a, const Expansion& b) { return a.span < b.span; });
  return found;
}

std::string WithSynonyms(std::string_view query, const std::vector<Expansion>& expansions) {
  std::string text(query);
  for (const Expansion& expansion : expansions) {
    if (AskedKinds(expansion.word) != 0) continue;
    for (const std::string& synonym : expansion.synonyms) text += Cat(" ", synonym);
  }
  return text;
}

}  // namespace policykb
