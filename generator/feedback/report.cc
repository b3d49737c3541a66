#include "generator/feedback/report.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/text/normalize.h"

namespace policykb {
namespace {

using feedback::v1::Report;
using feedback::v1::ReportedQuestion;
using feedback::v1::StoredAnswer;

constexpr int kMaxComments = 5;

// Questions by how they are spelled apart from white space and width.
using Questions = std::map<std::string, ReportedQuestion>;

std::string KeyOf(const std::string& question) {
  std::string key = NormalizeForMatch(question);
  std::erase(key, ' ');
  return key;
}

// Answers come oldest first.
void Count(const StoredAnswer& answer, Questions& questions) {
  ReportedQuestion& question = questions[KeyOf(answer.question())];
  question.set_question(answer.question());
  question.set_answers(question.answers() + 1);
  question.set_last_ms(answer.answered_at_ms());
  *question.mutable_passages() = answer.passages();
  if (answer.feedback().comment().empty()) return;
  question.mutable_comments()->Add()->assign(answer.feedback().comment());
}

void Write(Questions questions, int most,
           google::protobuf::RepeatedPtrField<ReportedQuestion>& list) {
  std::vector<ReportedQuestion> sorted;
  for (auto& [key, question] : questions) {
    auto& comments = *question.mutable_comments();
    std::reverse(comments.begin(), comments.end());
    if (comments.size() > kMaxComments)
      comments.DeleteSubrange(kMaxComments, comments.size() - kMaxComments);
    sorted.push_back(std::move(question));
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const ReportedQuestion& a, const ReportedQuestion& b) {
                     if (a.answers() != b.answers()) return a.answers() > b.answers();
                     return a.last_ms() > b.last_ms();
                   });
  for (ReportedQuestion& question : sorted) {
    if (list.size() >= most) break;
    *list.Add() = std::move(question);
  }
}

}  // namespace

absl::StatusOr<Report> MakeFeedbackReport(const FeedbackStore& store, absl::Time since, int most) {
  Report report;
  Questions unanswered, disliked;
  RETURN_IF_ERROR(store.ForEach(since, [&](const StoredAnswer& answer) {
    report.set_answers(report.answers() + 1);
    if (answer.status() != v1::ANSWER_STATUS_ANSWERED) {
      report.set_unanswered(report.unanswered() + 1);
      Count(answer, unanswered);
    }
    if (answer.model_failed()) report.set_model_failed(report.model_failed() + 1);
    if (answer.feedback().rating() == v1::RATING_HELPFUL) report.set_helpful(report.helpful() + 1);
    if (answer.feedback().rating() == v1::RATING_NOT_HELPFUL) {
      report.set_not_helpful(report.not_helpful() + 1);
      Count(answer, disliked);
    }
    return absl::OkStatus();
  }));
  Write(std::move(unanswered), most, *report.mutable_unanswered_questions());
  Write(std::move(disliked), most, *report.mutable_disliked_questions());
  return report;
}

}  // namespace policykb
