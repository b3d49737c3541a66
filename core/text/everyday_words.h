// Everyday words of people who ask, and the words that laws and guides have for the same.
//
// General language of citizens and administration, of no corpus; a data team adds its own in
// synonyms.toml. Chinese and English. Pure function, any thread.

#ifndef POLICYKB_CORE_TEXT_EVERYDAY_WORDS_H_
#define POLICYKB_CORE_TEXT_EVERYDAY_WORDS_H_

#include <string_view>
#include <vector>

namespace policykb {

struct EverydayWord {
  std::string_view word;
  std::string_view official;  // words for it, separated by single spaces, none of them `word`
};

// Each word once. Views that live for ever.
std::vector<EverydayWord> AllEverydayWords();

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_EVERYDAY_WORDS_H_
