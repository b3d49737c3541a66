// What a caller must not learn of texts that are hidden from it, one small case each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/retriever/source_base.h"
#include "tests/testing/sample_base.h"
#include "tests/testing/sample_records.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::Not;

SourceDocument Source(const std::string& id, const std::string& title,
                      const std::vector<std::string>& articles) {
  SourceDocument source;
  std::tie(source.document, source.passages) = SampleRegulation(id, title, articles);
  return source;
}

SearchQuery Query(const std::string& text) {
  SearchQuery query;
  query.text = text;
  query.as_of = CivilDate(19000);
  query.explain = true;
  return query;
}

double FeatureOf(const SearchHit& hit, const std::string& name) {
  for (const FeatureValue& feature : hit.features) {
    if (feature.name == name) return feature.value;
  }
  ADD_FAILURE() << name;
  return 0;
}

class HiddenTextTest : public testing::Test {
 protected:
  SearchResult Search(const SourceBase& base, const SearchQuery& query) {
    const auto searcher = writer_.Write(base);
    const auto result = searcher->Search(query);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }
  SourceBaseWriter writer_;
};

// A hidden document of a longer title takes the reference away from the visible one.
TEST_F(HiddenTextTest, AHiddenTitleDoesNotTakeAReferenceAway) {
  SourceDocument visible = Source("a", "养犬管理办法", {"登记。", "费用。"});
  SourceDocument hidden = Source("b", "甲县养犬管理办法", {"暗号。", "暗号。"});
  hidden.document.visibility = {"staff"};
  const SearchQuery query = Query("甲县养犬管理办法第二条");
  EXPECT_TRUE(Search({{visible}}, query).hits[0].resolved_reference);
  EXPECT_TRUE(Search({{visible, hidden}}, query).hits[0].resolved_reference);
  EXPECT_EQ(FeatureOf(Search({{visible}}, query).hits[0], "title"), 1);
  EXPECT_EQ(FeatureOf(Search({{visible, hidden}}, query).hits[0], "title"), 1);
}

// Seventeen hidden documents whose titles end in the words asked for.
TEST_F(HiddenTextTest, HiddenTitlesDoNotUseUpThePlacesOfAReference) {
  SourceBase base;
  for (int i = 10; i < 27; ++i) {
    base.documents.push_back(Source(Cat("h", i), Cat("甲", i, "县养犬管理办法"), {"暗号。"}));
    base.documents.back().document.visibility = {"staff"};
  }
  base.documents.push_back(Source("z", "甲甲甲甲甲甲县养犬管理办法", {"登记。"}));
  const SearchResult result = Search(base, Query("养犬管理办法第一条"));
  ASSERT_EQ(result.hits.size(), 1u);
  EXPECT_TRUE(result.hits[0].resolved_reference);
}

// How many passages were searched counts neither hidden documents nor hidden articles.
TEST_F(HiddenTextTest, HiddenTextsAreNotCountedAsSearched) {
  SourceDocument mixed = Source("a", "养犬管理办法", {"登记。", "暗号。"});
  mixed.passages[1].visibility = {"staff"};
  SourceDocument hidden = Source("b", "养猫管理办法", {"登记。", "暗号。"});
  hidden.document.visibility = {"staff"};
  SearchQuery query = Query("登记");
  EXPECT_EQ(Search({{mixed, hidden}}, query).searched_passages, 1u);
  query.labels.emplace_back("staff");
  EXPECT_EQ(Search({{mixed, hidden}}, query).searched_passages, 4u);
  query.filter.documents = {"b"};
  EXPECT_EQ(Search({{mixed, hidden}}, query).searched_passages, 2u);
}

// Words of a hidden article lift the other articles of its document.
TEST_F(HiddenTextTest, AHiddenArticleDoesNotLiftItsDocument) {
  SourceDocument source = Source("a", "养犬管理办法", {"登记。", "暗号青蛙。"});
  source.passages[1].visibility = {"staff"};
  const SearchResult result =
      Search({{source, Source("b", "用水管理条例", {"通水。"})}}, Query("青蛙"));
  for (const SearchHit& hit : result.hits) {
    EXPECT_EQ(FeatureOf(hit, "whole_document"), 0) << hit.passage.name;
    EXPECT_EQ(hit.lexical_rank, 0u) << hit.passage.name;
  }
}

// What only a hidden text says counts as known.
TEST_F(HiddenTextTest, WordsOfHiddenTextsOnlyAreUnknown) {
  SourceDocument hidden = Source("b", "用水管理条例", {"暗号青蛙。"});
  hidden.document.visibility = {"staff"};
  const SearchResult result =
      Search({{Source("a", "养犬管理办法", {"登记。"}), hidden}}, Query("青蛙"));
  EXPECT_EQ(result.evidence.known_terms, 0);
  EXPECT_EQ(result.evidence.unknown_share, 1);
  EXPECT_EQ(result.evidence.unknown_character_share, 1);
}

// The highest impact of a term may be that of a hidden passage.
TEST_F(HiddenTextTest, TheMostThatTermsCouldGiveIsThatOfVisibleTexts) {
  const SourceDocument visible = Source("a", "养犬管理办法", {"登记与费用与罚款与通水。"});
  SourceDocument hidden = Source("b", "用水管理条例", {"登记。"});
  hidden.document.visibility = {"staff"};
  SourceDocument louder = Source("b", "用水管理条例", {"登记\n登记\n登记\n登记。"});
  louder.document.visibility = {"staff"};
  EXPECT_EQ(Search({{visible, hidden}}, Query("登记")).evidence.best_lexical,
            Search({{visible, louder}}, Query("登记")).evidence.best_lexical);
}

// The successor of a public text may be for staff only.
TEST_F(HiddenTextTest, AHiddenSuccessorIsNotNamed) {
  SourceDocument old = Source("a", "养犬管理办法", {"登记。"});
  old.document.validity.to = CivilDate(18000);
  old.document.superseded_by = {"secret"};
  SourceDocument hidden = Source("secret", "养犬管理规定", {"登记。"});
  hidden.document.visibility = {"staff"};
  hidden.document.supersedes = {"a"};
  const SourceBase base = {{old, hidden}};
  SearchQuery query = Query("养犬管理办法第一条");
  const SearchResult result = Search(base, query);
  ASSERT_EQ(result.not_in_force.size(), 1u);
  EXPECT_THAT(result.not_in_force[0].superseded_by, Not(Contains("secret")));
  query.filter.include_not_in_force = true;
  EXPECT_THAT(Search(base, query).hits.at(0).document.superseded_by, Not(Contains("secret")));
  EXPECT_THAT(writer_.Write(base)->GetDocument("a", {"public"})->superseded_by,
              Not(Contains("secret")));
}

}  // namespace
}  // namespace policykb
