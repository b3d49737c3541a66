#include "generator/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

v1::SearchResponse WithAnswerability(double answerability) {
  v1::SearchResponse found = MakeResponse({MakePassage("a", "甲办法", 1, "第一条　登记。收费。")});
  found.mutable_evidence()->set_answerability(answerability);
  return found;
}

TEST(RefusalTest, AnswersFromGoodEvidenceOnly) {
  EXPECT_EQ(DecideAnswer(v1::SearchResponse(), 0), AnswerDecision::kRefuse);
  EXPECT_EQ(DecideAnswer(WithAnswerability(0.4), 0.4), AnswerDecision::kAnswer);
  // From half of the threshold on it may be related.
  EXPECT_EQ(DecideAnswer(WithAnswerability(0.39), 0.4), AnswerDecision::kMayBeRelated);
  EXPECT_EQ(DecideAnswer(WithAnswerability(0.2), 0.4), AnswerDecision::kMayBeRelated);
  EXPECT_EQ(DecideAnswer(WithAnswerability(0.19), 0.4), AnswerDecision::kRefuse);
  EXPECT_EQ(DecideAnswer(WithAnswerability(0), 0), AnswerDecision::kAnswer);
  EXPECT_EQ(DecideAnswer(WithAnswerability(std::numeric_limits<double>::quiet_NaN()), 0.4),
            AnswerDecision::kRefuse);
}

TEST(RefusalTest, NeverRefusesWhatTheQuestionNames) {
  v1::SearchResponse found = WithAnswerability(0);
  found.mutable_evidence()->set_resolved_reference(true);
  EXPECT_EQ(DecideAnswer(found, 1), AnswerDecision::kAnswer);
  found.clear_hits();
  EXPECT_EQ(DecideAnswer(found, 0), AnswerDecision::kRefuse);
}

TEST(RefusalTest, KnowsWhereOnlyRepealedTextAnswers) {
  v1::SearchResponse all = WithAnswerability(0.9);
  EXPECT_FALSE(IsAnsweredByRepealedText(all, 0.4));
  all.mutable_hits(0)->mutable_passage()->mutable_validity()->set_state(
      v1::Validity::STATE_NO_LONGER_IN_FORCE);
  EXPECT_TRUE(IsAnsweredByRepealedText(all, 0.4));
  EXPECT_FALSE(IsAnsweredByRepealedText(all, 0.95));
}

TEST(RefusalTest, AsksTheNearestGuidesForATelephoneNumber) {
  std::vector<v1::Passage> passages = {MakePassage("law", "甲办法", 1, "第一条　登记。"),
                                       MakePassage("guide", "登记指南", 1, "申请登记。")};
  passages[1].set_kind("guide");
  v1::SearchRequest asked;
  asked.set_as_of_date("2026-01-01");
  asked.mutable_filter()->add_documents("documents/all");
  const auto request = ContactRequest(MakeResponse(passages), asked);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->query(), "咨询电话");
  EXPECT_EQ(request->as_of_date(), "2026-01-01");
  ASSERT_EQ(request->filter().documents_size(), 1);
  EXPECT_EQ(request->filter().documents(0), "documents/guide");
  passages.pop_back();
  EXPECT_FALSE(ContactRequest(MakeResponse(passages), asked));
}

TEST(RefusalTest, FindsTheTelephoneNumberOfAGuide) {
  const std::vector<v1::Passage> passages = {
      MakePassage("guide", "登记指南", 1, "5个工作日内办结。"),
      MakePassage("guide", "登记指南", 2, "咨询电话：0799-5550123")};
  const std::optional<Contact> contact = FindContact(MakeResponse(passages));
  ASSERT_TRUE(contact);
  EXPECT_EQ(contact->title, "登记指南");
  EXPECT_EQ(contact->phone, "0799-5550123");
  EXPECT_EQ(WithNearest(Language::kChinese, "没有。", {"甲", "乙"}, contact),
            "没有。最接近的文件：《甲》、《乙》。《登记指南》的咨询电话：0799-5550123。");
  EXPECT_EQ(WithNearest(Language::kEnglish, "None.", {}, std::nullopt), "None.");
}

TEST(RefusalTest, NamesTheNearestThree) {
  std::vector<v1::Passage> passages;
  for (int i = 1; i <= 5; ++i)
    passages.push_back(MakePassage("a", "甲", i, "## 标题\n登记。收费。"));
  const auto related = NearestPassages(MakeResponse(passages));
  ASSERT_EQ(related.size(), 3u);
  EXPECT_EQ(related[2].number(), 3);
  EXPECT_EQ(related[2].address(), "art3");
  EXPECT_EQ(related[2].quote(), "登记。");
}

TEST(RefusalTest, NamesTheSuccessorOfWhatIsNotInForce) {
  v1::SearchResponse found =
      MakeResponse({MakePassage("dogs-2023", "新养犬条例", 1, "第一条　登记。")});
  v1::NotInForceMatch& match = *found.add_not_in_force();
  match.set_document("documents/dogs-2017");
  match.set_document_title("旧养犬条例");
  match.mutable_validity()->set_state(v1::Validity::STATE_NO_LONGER_IN_FORCE);
  match.mutable_validity()->set_valid_to("2023-07-01");
  match.mutable_validity()->add_superseded_by("documents/dogs-2023");
  match.mutable_validity()->add_superseded_by("documents/other");
  const auto notices = NotInForceNotices(found, {}, Language::kChinese);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].code(), v1::Notice::CODE_NOT_IN_FORCE);
  EXPECT_EQ(notices[0].message(),
            "《旧养犬条例》自2023-07-01起不再施行，现由《新养犬条例》、《other》代替。");
  EXPECT_EQ(NotInForceNotices(found, {}, Language::kEnglish)[0].message(),
            "\"旧养犬条例\" is no longer in force since 2023-07-01; it was replaced by "
            "\"新养犬条例\", \"other\".");
}

TEST(RefusalTest, TellsOfCitedTextThatIsNotInForceOnce) {
  v1::Citation citation;
  citation.set_document("documents/a");
  citation.set_document_title("甲");
  citation.mutable_validity()->set_state(v1::Validity::STATE_NOT_YET_IN_FORCE);
  citation.mutable_validity()->set_valid_from("2027-01-01");
  const auto notices = NotInForceNotices({}, {citation, citation}, Language::kChinese);
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].message(), "《甲》尚未施行，自2027-01-01起施行。");
}

}  // namespace
}  // namespace policykb
