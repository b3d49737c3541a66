#include "generator/generator_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/rpc/status_conversion.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AnswerRecord Answered() {
  AnswerRecord record;
  record.method = "StreamGenerateAnswer";
  record.role = "kiosk";
  record.caller = "window-3";
  record.on_behalf_of = "window-3b";
  record.took = absl::Milliseconds(30);
  record.answer_status = v1::ANSWER_STATUS_ANSWERED;
  record.mode = v1::ANSWER_MODE_MODEL;
  record.figures.search_took = absl::Milliseconds(2);
  record.figures.model_took = absl::Milliseconds(25);
  record.figures.first_sentence_took = absl::Milliseconds(12);
  record.figures.asked_model = true;
  record.figures.usage = {.prompt_tokens = 900, .completion_tokens = 60};
  return record;
}

TEST(GeneratorMetricsTest, AnAnswerIsCountedByWhatItCameToAndHowLongItsPartsTook) {
  const auto metrics = GeneratorMetrics::Serve("");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  metrics->AnswerEnded(Answered());
  const std::string text = metrics->all().Text();
  for (const char* line :
       {"policykb_calls_total{code=\"OK\",method=\"StreamGenerateAnswer\",role=\"kiosk\"} 1\n",
        "policykb_answers_total{mode=\"ANSWER_MODE_MODEL\",status=\"ANSWER_STATUS_ANSWERED\"} 1\n",
        "policykb_model_calls_total{code=\"OK\"} 1\n",
        "policykb_model_tokens_total{kind=\"prompt\"} 900\n",
        "policykb_model_tokens_total{kind=\"completion\"} 60\n",
        "policykb_answer_stage_seconds_bucket{stage=\"search\",le=\"0.002\"} 1\n",
        "policykb_answer_stage_seconds_bucket{stage=\"model\",le=\"0.02\"} 0\n",
        "policykb_answer_stage_seconds_bucket{stage=\"model\",le=\"0.05\"} 1\n",
        "policykb_answer_stage_seconds_bucket{stage=\"first_sentence\",le=\"0.02\"} 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("stage=\"prepare\"")));
  // Who asked is nobody's who collects metrics.
  EXPECT_THAT(text, Not(HasSubstr("window-3")));
}

TEST(GeneratorMetricsTest, AModelThatFailsCountsEvenWhereTheAnswerCame) {
  const auto metrics = GeneratorMetrics::Serve("");
  AnswerRecord record = Answered();
  record.mode = v1::ANSWER_MODE_EXTRACTIVE;
  record.model_failed = true;
  record.figures.model_status = absl::UnavailableError("503");
  metrics->AnswerEnded(record);
  const std::string text = metrics->all().Text();
  EXPECT_THAT(text, HasSubstr("policykb_model_calls_total{code=\"UNAVAILABLE\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("policykb_model_failures_total 1\n"));
}

TEST(GeneratorMetricsTest, ARefusalIsCountedByItsReasonAndIsNoAnswer) {
  const auto metrics = GeneratorMetrics::Serve("");
  AnswerRecord record;
  record.method = "GenerateAnswer";
  record.status = OverloadedError("too many", "TOO_MANY_ANSWERS", absl::Seconds(1));
  metrics->AnswerEnded(record);
  const std::string text = metrics->all().Text();
  EXPECT_THAT(text, HasSubstr("policykb_calls_refused_total{method=\"GenerateAnswer\",reason=\"TOO_"
                              "MANY_ANSWERS\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("policykb_answers_total{")));
  EXPECT_THAT(text, Not(HasSubstr("policykb_call_seconds_count")));
}

}  // namespace
}  // namespace policykb
