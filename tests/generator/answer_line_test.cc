#include "generator/answer_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AnswerRecord Record() {
  AnswerRecord record;
  record.method = "GenerateAnswer";
  record.caller = "hall-3";
  record.role = "kiosk";
  record.snapshot = "s1";
  record.answer_status = v1::ANSWER_STATUS_ANSWERED;
  record.mode = v1::ANSWER_MODE_MODEL;
  record.sentences = 2;
  record.figures.usage = {.prompt_tokens = 900, .completion_tokens = 60};
  return record;
}

TEST(AnswerLineTest, AnAnswerIsOneLine) {
  const std::string line = AnswerLine(Record(), CircuitState::kClosed).ToText();
  EXPECT_THAT(line, ::testing::StartsWith("event=answer method=GenerateAnswer code=OK caller=hall-3"
                                          " role=kiosk "));
  EXPECT_THAT(line,
              HasSubstr(" status=ANSWER_STATUS_ANSWERED mode=ANSWER_MODE_MODEL sentences=2 "));
  EXPECT_THAT(line, HasSubstr(" prompt_tokens=900 cached_prompt_tokens=0 completion_tokens=60 "
                              "circuit=closed"));
  EXPECT_THAT(line, Not(HasSubstr("reason")));
}

TEST(AnswerLineTest, WhyTheModelFailedAndTheAnswerWasNotNotedStandInTheSameLine) {
  AnswerRecord record = Record();
  record.figures.model_status = absl::UnavailableError("503 from 13800138000\n");
  record.feedback_status = absl::ResourceExhaustedError("feedback: disk full");
  const std::string line = AnswerLine(record, CircuitState::kOpen).ToText();
  EXPECT_THAT(line, HasSubstr("circuit=open model_code=UNAVAILABLE model_reason=\"503 from "
                              "[phone]\\n\" not_noted=\"feedback: disk full\""));
}

TEST(AnswerLineTest, ACallerThatLeftIsNoFailureOfTheModel) {
  AnswerRecord record = Record();
  record.figures.model_status = absl::CancelledError("by the caller");
  EXPECT_THAT(AnswerLine(record, CircuitState::kClosed).ToText(), Not(HasSubstr("model_code")));
}

}  // namespace
}  // namespace policykb
