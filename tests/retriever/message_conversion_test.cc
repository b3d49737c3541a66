#include "retriever/message_conversion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::HasSubstr;

const CivilDate kToday = *CivilDate::FromYmd(2026, 11, 23);

TEST(FromMessageTest, TakesTheDefaultsOfTheDocumentation) {
  v1::SearchRequest request;
  request.set_query("q");
  const absl::StatusOr<SearchQuery> query = FromMessage(request, kToday, {"public"});
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->k, 10u);
  EXPECT_EQ(query->as_of, kToday);
  EXPECT_FALSE(query->filter.include_not_in_force);
}

TEST(FromMessageTest, NamesTheFieldTheValueAndTheExpectation) {
  v1::SearchRequest request;
  request.set_k(10000);
  EXPECT_THAT(std::string(FromMessage(request, kToday, {}).status().message()),
              HasSubstr("k: 10000, expected 1..1000"));
  request.set_k(1);
  request.set_as_of_date("2023-02-30");
  EXPECT_THAT(std::string(FromMessage(request, kToday, {}).status().message()),
              HasSubstr("as_of_date: date \"2023-02-30\""));
  request.clear_as_of_date();
  request.mutable_filter()->add_documents("laws/x");
  EXPECT_THAT(std::string(FromMessage(request, kToday, {}).status().message()),
              HasSubstr("filter.documents: \"laws/x\" is not documents/{document}"));
}

TEST(ToMessageTest, ValidityIsSeenFromTheAsOfDate) {
  Document document;
  document.id = "a";
  document.validity = {.from = CivilDate(100), .to = CivilDate(200)};
  document.superseded_by = {"b"};
  const auto state_on = [&](int32_t day) {
    return ToMessage(Passage(), document, CivilDate(day)).validity().state();
  };
  EXPECT_EQ(state_on(99), v1::Validity::STATE_NOT_YET_IN_FORCE);
  EXPECT_EQ(state_on(100), v1::Validity::STATE_IN_FORCE);
  EXPECT_EQ(state_on(199), v1::Validity::STATE_IN_FORCE);
  EXPECT_EQ(state_on(200), v1::Validity::STATE_NO_LONGER_IN_FORCE);
  EXPECT_EQ(ToMessage(Passage(), document, CivilDate(200)).validity().superseded_by(0),
            "documents/b");
}

TEST(ToMessageTest, TheLastOriginOfAFieldIsSentAndNoneOfVisibility) {
  Document document;
  document.id = "a";
  document.origins = {{"valid_to", "text"},
                      {"title", "sidecar"},
                      {"visibility", "collection"},
                      {"valid_to", "successor b"}};
  const v1::Document message = ToMessage(document, CivilDate(1));
  ASSERT_EQ(message.origins_size(), 2);
  EXPECT_EQ(message.origins(0).field(), "title");
  EXPECT_EQ(message.origins(0).origin(), "sidecar");
  EXPECT_EQ(message.origins(1).field(), "valid_to");
  EXPECT_EQ(message.origins(1).origin(), "successor b");
}

TEST(ToMessageTest, AHitNamesWhatItStandsForAndWhyItWasFound) {
  SearchResult result;
  result.reranking = {.applied = false, .failure = "late"};
  result.searched_passages = 7;
  result.hits.emplace_back();
  result.hits[0].known_question = true;
  result.hits[0].duplicates = {"documents/b/provisions/art1"};
  result.hits[0].questions = {{.id = "7", .text = "why", .similarity = 0.5}};
  result.hits[0].reranker_score = 0.0;
  SearchQuery query;
  v1::SearchResponse response = ToMessage(result, query);
  EXPECT_EQ(response.reranking().failure(), "late");
  EXPECT_EQ(response.hits(0).duplicates(0), "documents/b/provisions/art1");
  EXPECT_FALSE(response.hits(0).has_explanation());
  EXPECT_FALSE(response.has_searched_passages());
  query.explain = true;
  result.reranking.reset();
  response = ToMessage(result, query);
  EXPECT_FALSE(response.has_reranking());
  EXPECT_EQ(response.searched_passages(), 7);
  const v1::Explanation& why = response.hits(0).explanation();
  EXPECT_TRUE(why.known_question());
  EXPECT_TRUE(why.has_reranker_score());
  EXPECT_EQ(why.questions(0).id(), "7");
  EXPECT_EQ(why.questions(0).text(), "why");
  EXPECT_EQ(why.questions(0).similarity(), 0.5);
}

}  // namespace
}  // namespace policykb
