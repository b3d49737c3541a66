#include "retriever/synonyms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retriever/synonym_scores.h"
#include "retriever/term_statistics.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A table as a snapshot with these words has it.
class Table {
 public:
  explicit Table(const std::string& toml, EverydayWordUse everyday_words = EverydayWordUse::kIgnore)
      : base_([&] {
          std::map<std::string, std::string> files = SampleFiles();
          files["synonyms.toml"] = toml;
          return files;
        }()),
        searcher_(base_.Open()),
        table_(searcher_->snapshot().editorial(), everyday_words) {}

  // "word: synonym, synonym" of each place.
  std::vector<std::string> Find(const std::string& query) const {
    std::vector<std::string> found;
    for (const Expansion& expansion : table_.Find(query)) {
      std::string line = expansion.word + ":";
      for (const std::string& synonym : expansion.synonyms) line += " " + synonym;
      found.push_back(line);
    }
    return found;
  }
  const SynonymTable& table() const { return table_; }
  const Snapshot& snapshot() const { return searcher_->snapshot(); }

 private:
  SampleBase base_;
  std::shared_ptr<const LocalSearcher> searcher_;
  SynonymTable table_;
};

// Of the first segment.
double CoveredWords(const SynonymScores& scores, const Segment& segment, uint32_t passage) {
  return scores.Covered(0, EntrySet({passage}, segment.passages().entries()))[0].words;
}

TEST(SynonymTableTest, GroupsWorkBothWaysAndWordsOneWay) {
  const Table table(
      "groups = [[\"犬牌\", \"狗牌\", \"dog tag\"]]\n[one_way]\n\"狗证\" = [\"登记\"]");
  EXPECT_THAT(table.Find("补犬牌"), ElementsAre("犬牌: 狗牌 dog tag"));
  EXPECT_THAT(table.Find("Dog-tags?"), ElementsAre("Dog-tags: 犬牌 狗牌"));
  EXPECT_THAT(table.Find("狗证"), ElementsAre("狗证: 登记"));
  EXPECT_THAT(table.Find("登记"), IsEmpty());
  EXPECT_THAT(table.Find("狗、证"), IsEmpty());
  EXPECT_THAT(table.Find(""), IsEmpty());
}

TEST(SynonymTableTest, TheLongestWordCountsThenTheEarlierOne) {
  const Table table(
      "[one_way]\n\"甲乙\" = [\"子\"]\n\"乙丙丁\" = [\"丑\"]\n\"丁戊\" = [\"寅\"]\n"
      "\"戊己\" = [\"卯\"]\n\"甲\" = [\"辰\"]\n");
  // "yi bing ding" is the longest and takes what it overlaps; "jia" is left of "jia yi".
  EXPECT_THAT(table.Find("甲乙丙丁戊己"), ElementsAre("甲: 辰", "乙丙丁: 丑", "戊己: 卯"));
  // Of two of one length the earlier one.
  EXPECT_THAT(table.Find("丁戊己"), ElementsAre("丁戊: 寅"));
}

TEST(SynonymTableTest, WhatBeginsLikeAWordIsNone) {
  const Table table("[one_way]\n\"甲乙丙丁\" = [\"子\"]\n\"甲\" = [\"丑\"]\n");
  EXPECT_THAT(table.Find("甲乙丙丁"), ElementsAre("甲乙丙丁: 子"));
  // Of the longer word there is only the beginning, "jia yi bing", which is no word; "jia" is one.
  EXPECT_THAT(table.Find("甲乙丙"), ElementsAre("甲: 丑"));
  EXPECT_THAT(table.Find("乙丙丁"), IsEmpty());
  // The data team's longer word does not keep an everyday word from counting that begins it.
  const Table listed("[one_way]\n\"老公公\" = [\"家翁\"]", EverydayWordUse::kUse);
  EXPECT_THAT(listed.Find("老公"), ElementsAre(testing::StartsWith("老公: ")));
}

TEST(SynonymTableTest, AnEmbedderReadsTheSynonymsBehindTheQuery) {
  const Table table("[one_way]\n\"房本\" = [\"不动产权证书\"]");
  const std::string query = "房本丢了";
  EXPECT_EQ(WithSynonyms(query, table.table().Find(query)), "房本丢了 不动产权证书");
  EXPECT_EQ(WithSynonyms("怎么办", table.table().Find("怎么办")), "怎么办");
  const SynonymTable everyday(nullptr, EverydayWordUse::kUse);
  EXPECT_EQ(WithSynonyms("房本多少钱", everyday.Find("房本多少钱")),
            "房本多少钱 不动产权证书 不动产登记");
}

TEST(SynonymTableTest, ASnapshotWithoutWordsHasNone) {
  EXPECT_THAT(SynonymTable(nullptr).Find("狗证"), IsEmpty());
}

TEST(SynonymTableTest, EverydayWordsAreThereUnlessTheTeamListsTheWord) {
  const SynonymTable everyday(nullptr, EverydayWordUse::kUse);
  ASSERT_EQ(everyday.Find("老公偷东西").size(), 2U);
  EXPECT_THAT(everyday.Find("老公偷东西")[0].synonyms, testing::Contains("配偶"));
  const Table listed("[one_way]\n\"老公\" = [\"男方\"]", EverydayWordUse::kUse);
  EXPECT_THAT(listed.Find("老公"), ElementsAre("老公: 男方"));
}

TEST(SynonymScoresTest, ThePassageGetsTheBestOfAGroupNotItsSum) {
  const Table table("[one_way]\n\"狗狗\" = [\"养犬登记\", \"登记\", \"养犬\"]");
  const Snapshot& snapshot = table.snapshot();
  const SynonymScores scores(snapshot, table.table().Find("狗狗"));
  ASSERT_FALSE(scores.empty());
  const Segment& segment = *snapshot.segments()[0];
  constexpr double kUnit = 1e-5;
  std::vector<double> passages(segment.columns().passages(), 0);
  for (const EntryGain& gain : scores.GainsOf(0, SynonymScores::Level::kPassages, kUnit))
    passages[gain.entry] += gain.units * kUnit;
  // By hand: of each synonym .85 * sum of idf * impact over its pairs, times idf of the word's
  // pairs / idf of the synonym's where the word has less; the word itself stands nowhere.
  const double count = CountPassages(snapshot);
  const auto idf_of = [&](const std::string& text) {
    double sum = 0;
    for (const Term& term : Analyze(text)) {
      if (term.kind == TermKind::kBigram) sum += PassageIdf(snapshot, count, term.text, term.kind);
    }
    return sum;
  };
  for (uint32_t passage = 0; passage < passages.size(); ++passage) {
    double best = 0;
    for (const std::string synonym : {"养犬登记", "登记", "养犬"}) {
      double sum = 0;
      for (const Term& term : Analyze(synonym)) {
        const auto list = segment.passages().Find(term.text);
        if (!list || term.kind != TermKind::kBigram) continue;
        sum += double{segment.passages().ImpactIn(*list, passage)} *
               PassageIdf(snapshot, count, term.text, term.kind);
      }
      best = std::max(best, 0.85 * std::min(1.0, idf_of("狗狗") / idf_of(synonym)) * sum);
    }
    EXPECT_NEAR(passages[passage], best, 1e-2);
    double gained = 0;
    for (const SynonymScores::Gain& gain : scores.Gains(0, passage)) gained += gain.lexical;
    EXPECT_NEAR(gained, best, 1e-3);
  }
}

TEST(SynonymScoresTest, ASingleCharacterOfALongerSynonymGivesNothing) {
  // "ji quan" stands nowhere, though both its characters do; "quan" is a synonym as a whole.
  const Table pair("[one_way]\n\"魑\" = [\"记犬\"]");
  const SynonymScores none(pair.snapshot(), pair.table().Find("魑"));
  EXPECT_THAT(none.GainsOf(0, SynonymScores::Level::kPassages, 1e-5), IsEmpty());
  const Table character("[one_way]\n\"魑\" = [\"犬\"]");
  const SynonymScores some(character.snapshot(), character.table().Find("魑"));
  const auto list = character.snapshot().segments()[0]->passages().Find("犬");
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(some.GainsOf(0, SynonymScores::Level::kPassages, 1e-5).size(), list->entries);
}

TEST(SynonymScoresTest, AWordThatComesTwiceGivesTwiceAndCoversOnce) {
  const Table table("[one_way]\n\"魑魅\" = [\"登记\"]");
  const Segment& segment = *table.snapshot().segments()[0];
  const SynonymScores once(table.snapshot(), table.table().Find("魑魅"));
  const SynonymScores twice(table.snapshot(), table.table().Find("魑魅，魑魅"));
  EXPECT_EQ(twice.lists(), once.lists());
  for (uint32_t passage = 0; passage < segment.columns().passages(); ++passage) {
    EXPECT_EQ(CoveredWords(twice, segment, passage), CoveredWords(once, segment, passage));
    const auto one = once.Gains(0, passage);
    const auto two = twice.Gains(0, passage);
    ASSERT_EQ(two.size(), one.size());
    for (size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(two[i].lexical, 2 * one[i].lexical, 1e-9);
  }
}

TEST(SynonymScoresTest, AWordThatNoPassageHoldsLendsItsWeightToNoSynonym) {
  // Two characters and their pair that stand nowhere weigh more than "deng ji", which many passages
  // hold; what a synonym gives and covers is .85 of what that pair itself would.
  const Table table("[one_way]\n\"魑魅\" = [\"登记\"]");
  const Snapshot& snapshot = table.snapshot();
  const SynonymScores scores(snapshot, table.table().Find("魑魅"));
  const Segment& segment = *snapshot.segments()[0];
  const double count = CountPassages(snapshot);
  double most = 0;
  for (uint32_t passage = 0; passage < segment.columns().passages(); ++passage) {
    double by_itself = 0;
    double pair = 0;
    for (const Term& term : Analyze("登记")) {
      const auto list = segment.passages().Find(term.text);
      ASSERT_TRUE(list.has_value());
      const double idf = PassageIdf(snapshot, count, term.text, term.kind);
      const double impact = segment.passages().ImpactIn(*list, passage);
      if (term.kind != TermKind::kBigram) continue;
      by_itself += impact * idf;
      if (impact > 0) pair = idf;
    }
    double gained = 0;
    for (const SynonymScores::Gain& gain : scores.Gains(0, passage)) gained += gain.lexical;
    EXPECT_NEAR(gained, 0.85 * by_itself, 1e-6);
    EXPECT_NEAR(CoveredWords(scores, segment, passage), 0.85 * pair, 1e-6);
    most = std::max(most, gained);
  }
  EXPECT_GT(most, 0);
}

TEST(SynonymScoresTest, AWordThatIsThereItselfGainsNothingByAWorseOne) {
  const Table table("[one_way]\n\"养犬登记\" = [\"登记\"]");
  const SynonymScores scores(table.snapshot(), table.table().Find("养犬登记"));
  const auto place = table.snapshot().FindDocument("dogs-2023");
  ASSERT_TRUE(place.ok());
  const auto passage = place->segment->columns().FindPassage(place->document, "art2");
  ASSERT_TRUE(passage.has_value());
  EXPECT_EQ(CoveredWords(scores, *place->segment, *passage), 0);
}

}  // namespace
}  // namespace policykb
