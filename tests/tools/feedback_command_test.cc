#include "tools/feedback_command.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(FeedbackReportTest, TellsQuestionsWithWhatWasSaidOfThem) {
  feedback::v1::Report report;
  report.set_answers(7);
  report.set_unanswered(2);
  report.set_not_helpful(1);
  feedback::v1::ReportedQuestion& unanswered = *report.add_unanswered_questions();
  unanswered.set_question("火星补贴");
  unanswered.set_answers(2);
  // 2026-01-02 in UTC.
  unanswered.set_last_ms(1767312000000);
  feedback::v1::ReportedQuestion& disliked = *report.add_disliked_questions();
  disliked.set_question("养猫");
  disliked.set_answers(1);
  disliked.set_last_ms(1767312000000);
  disliked.add_comments("不对");
  disliked.add_passages("documents/cats/provisions/art1");
  EXPECT_EQ(FeedbackReportText(report, 30),
            "last 30 days: 7 answers, 2 without a claim, 0 with a model that failed; 0 called "
            "helpful, 1 not\n"
            "\nnot answered:\n"
            "  2 x  火星补贴  (last 2026-01-02)\n"
            "\ncalled not helpful:\n"
            "  1 x  养猫  (last 2026-01-02)\n"
            "       said: 不对\n"
            "       documents/cats/provisions/art1\n");
}

}  // namespace
}  // namespace policykb
