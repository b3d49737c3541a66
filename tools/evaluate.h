// policykb eval: retrieval quality over topics with judgements, and the promises about answers over
// the same topics.
//
// Not for speed (bench.h) and not for printing (evaluate_report.h). One call at a time.

#ifndef POLICYKB_TOOLS_EVALUATE_H_
#define POLICYKB_TOOLS_EVALUATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "tools/baseline.h"
#include "tools/comparison.h"
#include "tools/measures.h"
#include "tools/question_set.h"
#include "tools/retriever_access.h"
#include "tools/scored_topic.h"

namespace policykb {

struct EvaluateOptions : QuestionFiles {
  BaselineOptions baseline;  // what to compare with; its `baseline` empty: nothing
  std::string run;           // TREC run file to write, or empty
  std::string html;          // page to write (evaluate_page.h), or empty
  std::string run_name = "policykb";
  std::string features;  // file for the ranking stage's features of every candidate, or empty
  std::string evidence;  // file for the signals behind answerability of every topic, or empty
  // Leaves the documents that hold a relevant unit out of each search, so that no topic has an
  // answer: for --evidence of unanswerable topics.
  bool without_gold = false;
  bool answers = false;  // answer each topic extractively and check the quotes
};

struct AnswerCounts {
  size_t asked = 0;  // topics answered or refused
  size_t answered = 0;
  size_t refused = 0;
  size_t unanswerable = 0;  // topics that say they have no answer
  size_t unanswerable_refused = 0;
  size_t answerable_refused = 0;
  size_t gold_cited = 0;              // answered topics with a relevant unit among the cited
  size_t gold_in_top_3 = 0;           // topics with a relevant unit among the first three
  size_t answered_gold_in_top_3 = 0;  // the same of answered topics
  size_t citations = 0;               // of answered topics
  size_t quotes = 0;
  size_t quotes_exact = 0;  // byte-exact slices of their document
};

struct EvaluateReport {
  MeanMeasures mean;
  std::vector<ScoredTopic> topics;          // judged ones, in their order
  std::optional<RunComparison> comparison;  // with the baseline
  size_t gold_units = 0;                    // distinct relevant units
  size_t gold_units_found = 0;              // of those, how many exist as passages of the snapshot
  AnswerCounts answers;
};

// `snapshot` may be null; then gold_units_found is not counted.
// Errors: NotFound, InvalidArgument (files, topics), as RetrieverService.Search and ScoreBaseline.
absl::StatusOr<EvaluateReport> Evaluate(const AccessByLabels& access, const Snapshot* snapshot,
                                        const EvaluateOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_EVALUATE_H_
