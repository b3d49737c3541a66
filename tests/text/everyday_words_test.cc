#include "core/text/everyday_words.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/base/strings.h"
#include "core/text/phrase.h"

namespace policykb {
namespace {

TEST(EverydayWordsTest, EveryWordStandsOnceAndForOthersThatCanBeSearched) {
  std::set<std::string> keys;
  for (const EverydayWord& everyday : AllEverydayWords()) {
    const std::string word(everyday.word);
    EXPECT_FALSE(PhraseKey(word).empty()) << word;
    EXPECT_TRUE(keys.insert(PhraseKey(word)).second) << word << " stands twice";
    ASSERT_FALSE(everyday.official.empty()) << word;
    std::set<std::string_view> officials;
    for (const std::string_view official : Split(everyday.official, ' ')) {
      EXPECT_FALSE(PhraseKey(std::string(official)).empty()) << word;
      EXPECT_NE(official, everyday.word);
      EXPECT_TRUE(officials.insert(official).second) << word << ": " << official;
    }
  }
}

}  // namespace
}  // namespace policykb
