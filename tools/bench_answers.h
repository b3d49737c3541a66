// policykb bench --answers: what an extractive answer takes beyond its searches.
//
// Not for quality (evaluate.h) and not for models, whose time is their own. One call at a time.

#ifndef POLICYKB_TOOLS_BENCH_ANSWERS_H_
#define POLICYKB_TOOLS_BENCH_ANSWERS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "generator/passage_source.h"
#include "tools/topics.h"

namespace policykb {

// Of an answer, from the question to the final message, without the time inside searches. Refused
// questions search up to three times and quote nothing, so they are counted apart.
struct AnswerFiguresOfKind {
  size_t answers = 0;
  double p50_ms = 0, p99_ms = 0, max_ms = 0;
};

struct AnswerBenchReport {
  AnswerFiguresOfKind answered;
  AnswerFiguresOfKind refused;
};

// Answers each topic `repeats` times, after one pass that warms up, from `k` passages.
// Errors: as PassageSource::Search.
absl::StatusOr<AnswerBenchReport> BenchAnswers(PassageSource& source,
                                               const std::vector<Topic>& topics, int k,
                                               int repeats);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_ANSWERS_H_
