#include "generator/reasoning_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Outcome {
  std::string early;  // before the end of the reply
  std::string all;
  bool failed = false;
};

Outcome Filter(ReasoningMarks marks, const std::vector<std::string_view>& deltas,
               bool reasoning_field = false) {
  ReasoningFilter filter(marks);
  if (reasoning_field) filter.SawReasoningField();
  Outcome outcome;
  for (const std::string_view delta : deltas) {
    const absl::StatusOr<std::string> text = filter.Add(delta);
    if (!text.ok()) {
      outcome.failed = true;
      outcome.all = outcome.early;
      return outcome;
    }
    outcome.early += *text;
  }
  outcome.all = outcome.early + filter.Finish();
  return outcome;
}

struct Sample {
  std::string reply;
  std::string answer;
};

// What a reply is without its reasoning, under ReasoningMarks::kUnknown.
const std::vector<Sample>& Samples() {
  static const std::vector<Sample>& samples = *new std::vector<Sample>{
      {"答案。", "答案。"},
      {"<think>SECRET</think>答案。", "答案。"},
      {"\n<think>\nSECRET\n</think>\n\n答案。", "\n\n\n答案。"},
      {"SECRET。SECRET</think>答案。", "答案。"},
      {"SECRET</think>SECRET</think>答案。", "答案。"},
      {"<think>SECRET", ""},
      {"<think>SECRET<think>SECRET</think>SECRET</think>答案。", "答案。"},
      {"甲。<think>SECRET</think>乙。<think>SECRET</think>丙。", "甲。乙。丙。"},
      {"<think>SECRET</think>甲。<think>SECRET</think>乙。", "甲。乙。"},
      {"<think>SECRET</think>甲。<think>SECRET", "甲。"},
      {"SECRET</think>甲。<think>SECRET</think>乙。", "甲。乙。"},
      {"<Think>SECRET</THINK>答案。", "答案。"},
      {"<thinking>SECRET</thinking>答案。", "答案。"},
      {"<reasoning>SECRET</reasoning>答案。", "答案。"},
      {"[THINK]SECRET[/THINK]答案。[1]", "答案。[1]"},
      {"◁think▷SECRET◁/think▷答案。", "答案。"},
      {"<think></think>答案。", "答案。"},
      {"3 < 5，“引号”，<thin，[1]。", "3 < 5，“引号”，<thin，[1]。"},
      {"SECRET <thi</think>答案 <thi", "答案 <thi"},
  };
  return samples;
}

TEST(ReasoningFilterTest, DropsReasoningInEveryShape) {
  for (const Sample& sample : Samples()) {
    const Outcome outcome = Filter(ReasoningMarks::kUnknown, {sample.reply});
    EXPECT_FALSE(outcome.failed) << sample.reply;
    EXPECT_EQ(outcome.all, sample.answer) << sample.reply;
  }
}

TEST(ReasoningFilterTest, DropsTheSameWhereverTheReplyIsCut) {
  for (const Sample& sample : Samples()) {
    const std::string_view reply = sample.reply;
    std::vector<std::string_view> bytes;
    for (size_t i = 0; i < reply.size(); ++i) bytes.push_back(reply.substr(i, 1));
    EXPECT_EQ(Filter(ReasoningMarks::kUnknown, bytes).all, sample.answer) << reply;
    for (size_t first = 0; first <= reply.size(); ++first) {
      for (size_t second = first; second <= reply.size(); ++second) {
        const Outcome outcome = Filter(
            ReasoningMarks::kUnknown,
            {reply.substr(0, first), reply.substr(first, second - first), reply.substr(second)});
        EXPECT_EQ(outcome.all, sample.answer) << reply << " at " << first << ", " << second;
      }
    }
  }
}

TEST(ReasoningFilterTest, NeverHandsOnReasoningOfAReplyThatIsCutOff) {
  for (const Sample& sample : Samples()) {
    for (const bool field : {false, true}) {
      if (field && sample.reply.starts_with("SECRET")) continue;
      for (size_t end = 0; end <= sample.reply.size(); ++end) {
        const Outcome outcome = Filter(ReasoningMarks::kUnknown,
                                       {std::string_view(sample.reply).substr(0, end)}, field);
        EXPECT_THAT(outcome.early, Not(HasSubstr("SECRET"))) << sample.reply;
      }
    }
  }
}

TEST(ReasoningFilterTest, HoldsTextOfUnknownStandingToTheEnd) {
  const Outcome outcome = Filter(ReasoningMarks::kUnknown, {"第一句。", "第二句。"});
  EXPECT_EQ(outcome.early, "");
  EXPECT_EQ(outcome.all, "第一句。第二句。");
}

TEST(ReasoningFilterTest, HandsOnAtOnceBehindAPairOfMarks) {
  EXPECT_EQ(Filter(ReasoningMarks::kUnknown, {"<think>x</th", "ink>第一句。"}).early, "第一句。");
}

TEST(ReasoningFilterTest, HandsOnAtOnceWhereReasoningHasItsOwnField) {
  EXPECT_EQ(Filter(ReasoningMarks::kUnknown, {"第一句。"}, true).early, "第一句。");
  // Some servers leave the closing mark in the text.
  EXPECT_EQ(Filter(ReasoningMarks::kUnknown, {"\n</think>\n", "第一句。"}, true).all, "\n第一句。");
}

TEST(ReasoningFilterTest, HandsOnAtOnceForAModelThatDoesNotReason) {
  EXPECT_EQ(Filter(ReasoningMarks::kNone, {"第一句。"}).early, "第一句。");
  EXPECT_EQ(Filter(ReasoningMarks::kNone, {"<think>SECRET</think>第一句。"}).early, "第一句。");
}

TEST(ReasoningFilterTest, FailsWhereTheEndOfReasoningStandsBehindTextHandedOn) {
  const Outcome outcome = Filter(ReasoningMarks::kNone, {"SECRET", "</think>答案"});
  EXPECT_TRUE(outcome.failed);
  EXPECT_TRUE(Filter(ReasoningMarks::kUnknown, {"<think>a</think>b", "</think>c"}).failed);
}

}  // namespace
}  // namespace policykb
