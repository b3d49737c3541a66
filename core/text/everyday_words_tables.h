// Tables of everyday words by field of life, one file each; everyday_words.h is their front.
//
// Written from general knowledge of how people talk and how laws are worded, never from questions
// that quality is measured with. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_EVERYDAY_WORDS_TABLES_H_
#define POLICYKB_CORE_TEXT_EVERYDAY_WORDS_TABLES_H_

#include <span>
#include <string_view>

namespace policykb {

// Words that stand for each other in daily talk, and what is official for each of them.
struct EverydayWords {
  std::string_view words;     // separated by single spaces
  std::string_view official;  // the same
};

std::span<const EverydayWords> FamilyAndHomeWords();
std::span<const EverydayWords> WorkAndMoneyWords();
std::span<const EverydayWords> CrimeAndCourtWords();
std::span<const EverydayWords> DailyLifeWords();
std::span<const EverydayWords> EnglishWords();

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_EVERYDAY_WORDS_TABLES_H_
