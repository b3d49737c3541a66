#include "core/text/everyday_words.h"

#include "core/base/strings.h"
#include "core/text/everyday_words_tables.h"

namespace policykb {

std::vector<EverydayWord> AllEverydayWords() {
  std::vector<EverydayWord> all;
  for (const std::span<const EverydayWords> table :
       {FamilyAndHomeWords(), WorkAndMoneyWords(), CrimeAndCourtWords(), DailyLifeWords(),
        EnglishWords()}) {
    for (const EverydayWords& group : table) {
      for (const std::string_view word : Split(group.words, ' '))
        all.push_back({.word = word, .official = group.official});
    }
  }
  return all;
}

}  // namespace policykb
