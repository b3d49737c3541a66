#include "tools/topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ReadTopicsTest, ReadsTheOptionalFieldsWhereTheyAre) {
  const TempFolder folder;
  ASSERT_TRUE(
      WriteNewFile(folder / "t",
                   "{\"_id\":\"1\",\"text\":\"甲\"}\n\n{\"_id\":\"2\",\"text\":\"乙\",\"as_of\":"
                   "\"2020-01-01\",\"answerable\":false,\"labels\":[\"staff\"]}\n")
          .ok());
  const absl::StatusOr<std::vector<Topic>> topics = ReadTopics(folder / "t");
  ASSERT_TRUE(topics.ok()) << topics.status();
  ASSERT_EQ(topics->size(), 2u);
  EXPECT_EQ((*topics)[0].answerable, std::nullopt);
  EXPECT_EQ((*topics)[1].as_of, "2020-01-01");
  EXPECT_EQ((*topics)[1].answerable, false);
  EXPECT_THAT((*topics)[1].labels, ElementsAre("staff"));
}

TEST(ReadTopicsTest, NamesTheLineThatIsNoTopic) {
  const TempFolder folder;
  for (const std::string bad :
       {"not json", "[]", "{\"_id\": 1, \"text\": \"x\"}", "{\"_id\": \"1\"}"}) {
    ASSERT_TRUE(WriteNewFile(folder / "t", "{\"_id\":\"1\",\"text\":\"x\"}\n" + bad).ok());
    EXPECT_THAT(std::string(ReadTopics(folder / "t").status().message()),
                HasSubstr("t:2: expected"))
        << bad;
  }
}

TEST(ReadQrelsTest, CountsGradesAboveZeroAndPiecesAsTheirProvision) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "q",
                           "query-id\tcorpus-id\tscore\n1\tdocuments/a/provisions/art1~2\t2\n"
                           "1\tdocuments/a/provisions/art2\t0\n2\tdocuments/b/provisions/s1\t1\r\n")
                  .ok());
  const absl::StatusOr<Judgements> judgements = ReadQrels(folder / "q");
  ASSERT_TRUE(judgements.ok()) << judgements.status();
  EXPECT_THAT(judgements->at("1"), ElementsAre("documents/a/provisions/art1"));
  EXPECT_THAT(judgements->at("2"), ElementsAre("documents/b/provisions/s1"));
}

TEST(ReadQrelsTest, NamesTheLineWithoutAGrade) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "q", "1\ta\t1\n1\tb\tmuch\n").ok());
  EXPECT_THAT(std::string(ReadQrels(folder / "q").status().message()), HasSubstr("q:2: expected"));
}

TEST(ReadGoldArticlesTest, MatchesThePassageOfThatPathAndArticle) {
  const TempFolder folder;
  ASSERT_TRUE(
      WriteNewFile(folder / "g",
                   "query-id\tdoc-path\tlaw\tarticle\n1\tdocs/民法典/总则.md\t民法典\t第五十四条\n"
                   "1\tdocs/刑法.md\t刑法\t第一百二十条之一\n")
          .ok());
  const absl::StatusOr<Judgements> judgements = ReadGoldArticles(folder / "g", "docs/");
  ASSERT_TRUE(judgements.ok()) << judgements.status();
  EXPECT_THAT(judgements->at("1"), ElementsAre(ArticleUnit("刑法.md", "art120-1"),
                                               ArticleUnit("民法典/总则.md", "art54")));
}

TEST(UnitsTest, PiecesAndNamesakesAreTheSameArticle) {
  EXPECT_EQ(ArticleUnit("a.md", "art5_2"), "a.md#art5");
  EXPECT_EQ(ProvisionUnit("documents/a/provisions/art5~3"), "documents/a/provisions/art5");
  EXPECT_EQ(ProvisionUnit("documents/a/provisions/art5"), "documents/a/provisions/art5");
  EXPECT_THAT(ProvisionUnits("documents/a+b/provisions/s2+s3"),
              ElementsAre("documents/a+b/provisions/s2", "documents/a+b/provisions/s3"));
}

}  // namespace
}  // namespace policykb
