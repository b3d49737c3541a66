#include "generator/search_query.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

std::string Query(std::string_view before, std::string_view question) {
  v1::AnswerSpec spec;
  spec.set_question(std::string(question));
  if (!before.empty()) spec.add_history()->set_question(std::string(before));
  return SearchQuery(spec);
}

TEST(SearchQueryTest, IsTheQuestionItself) {
  EXPECT_EQ(Query("", "那需要多久？"), "那需要多久？");
  EXPECT_EQ(Query("养犬登记在哪里办？", "高龄津贴多少钱？"), "高龄津贴多少钱？");
}

TEST(SearchQueryTest, TakesTheQuestionBeforeAFollowUp) {
  EXPECT_EQ(Query("养犬登记在哪里办？", "那需要多久？"), "养犬登记在哪里办？\n那需要多久？");
  EXPECT_EQ(Query("养犬登记在哪里办？", "费用呢？"), "养犬登记在哪里办？\n费用呢？");
  EXPECT_EQ(Query("Where to register?", "How long does it take?"),
            "Where to register?\nHow long does it take?");
}

TEST(SearchQueryTest, StaysWithinTheLimit) {
  const std::string before(kMaxQuestionBytes, 'x');
  EXPECT_EQ(Query(before, "那需要多久？"), "那需要多久？");
}

}  // namespace
}  // namespace policykb
