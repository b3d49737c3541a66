#include "generator/grounding/grounder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/strings.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GrounderTest : public ::testing::Test {
 protected:
  GrounderTest()
      : first_(MakePassage("a", "甲办法", 1,
                           "第一条　申请人应当提交营业执照。登记机关应当在五日内作出决定。")),
        second_(MakePassage("b", "乙办法", 2, "第二条　个人缴纳的费用为每年五百元。")) {}

  std::optional<v1::AnswerSentence> Check(std::string_view text, std::vector<int> marks,
                                          GroundingPolicy policy = GroundingPolicy::kStrict) {
    const std::vector<const v1::Passage*> hits = {&first_, &second_};
    Grounder grounder(policy, hits, citations_);
    return grounder.Check({std::string(text), std::move(marks)});
  }

  v1::Passage first_;
  v1::Passage second_;
  CitationList citations_;
};

TEST_F(GrounderTest, CitesTheSpanOfTheMarkedPassage) {
  const auto sentence = Check("登记机关应当在5日内作出决定。", {1});
  ASSERT_TRUE(sentence);
  EXPECT_EQ(sentence->support(), v1::SUPPORT_SUPPORTED);
  EXPECT_THAT(sentence->citations(), ElementsAre(1));
  ASSERT_EQ(citations_.all().size(), 1u);
  const v1::Citation& citation = citations_.all()[0];
  EXPECT_EQ(citation.quote(), "登记机关应当在五日内作出决定。");
  // 16 characters of 3 bytes before the quote ("di yi tiao", a wide space, twelve more), behind
  // byte 1000.
  EXPECT_EQ(citation.span().start(), 1000 + 3 * 16);
  EXPECT_EQ(citation.span().end(), 1000 + 3 * 31);
}

TEST_F(GrounderTest, ReplacesAWrongCitationByTheRightOne) {
  const auto sentence = Check("个人缴纳的费用为每年500元。", {1});
  ASSERT_TRUE(sentence);
  EXPECT_EQ(citations_.all()[0].document(), "documents/b");
  EXPECT_TRUE(sentence->citation_moved());
}

TEST_F(GrounderTest, SaysOfNoRightOrMissingCitationThatItWasMoved) {
  EXPECT_FALSE(Check("个人缴纳的费用为每年500元。", {2})->citation_moved());
  EXPECT_FALSE(Check("个人缴纳的费用为每年500元。", {})->citation_moved());
}

TEST_F(GrounderTest, CitesAClaimWithoutMark) {
  ASSERT_TRUE(Check("申请人应当提交营业执照。", {}));
  EXPECT_EQ(citations_.all()[0].document(), "documents/a");
}

TEST_F(GrounderTest, IgnoresMarksOfNoHit) {
  ASSERT_TRUE(Check("申请人应当提交营业执照。", {0, 3, 999}));
  EXPECT_THAT(citations_.all()[0].document(), "documents/a");
  EXPECT_FALSE(Check("今天天气很好，适合出门。", {7}));
}

TEST_F(GrounderTest, DropsFlagsOrSendsByPolicy) {
  EXPECT_FALSE(Check("登记机关应当在9日内作出决定。", {1}));
  const auto flagged = Check("登记机关应当在9日内作出决定。", {1}, GroundingPolicy::kFlag);
  ASSERT_TRUE(flagged);
  EXPECT_EQ(flagged->support(), v1::SUPPORT_UNSUPPORTED);
  EXPECT_THAT(flagged->citations(), IsEmpty());
  EXPECT_TRUE(Check("登记机关应当在9日内作出决定。", {1}, GroundingPolicy::kOff));
}

TEST_F(GrounderTest, QuotesAreTheBytesOfTheirSpans) {
  // Claims made of random stretches of the passages; whatever is cited must be exact.
  std::mt19937 random(3);
  const std::vector<const v1::Passage*> hits = {&first_, &second_};
  Grounder grounder(GroundingPolicy::kFlag, hits, citations_);
  for (int round = 0; round < 300; ++round) {
    const std::string& text = hits[random() % 2]->text();
    const size_t start = random() % (text.size() / 3) * 3;
    grounder.Check({text.substr(start, 3 * (1 + random() % 20)), {static_cast<int>(random() % 4)}});
  }
  EXPECT_FALSE(citations_.all().empty());
  int number = 0;
  for (const v1::Citation& citation : citations_.all()) {
    EXPECT_EQ(citation.number(), ++number);
    const v1::Passage& passage = citation.document() == "documents/a" ? first_ : second_;
    const auto start = static_cast<size_t>(citation.span().start() - passage.span().start());
    const auto size = static_cast<size_t>(citation.span().end() - citation.span().start());
    EXPECT_EQ(citation.quote(), passage.text().substr(start, size));
    EXPECT_FALSE(citation.quote().empty());
  }
}

}  // namespace
}  // namespace policykb
