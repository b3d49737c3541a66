#include "tools/bench_answers.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "generator/answerer.h"
#include "tools/bench.h"

namespace policykb {

namespace {

// Another source, and how long it took.
class TimedSource : public PassageSource {
 public:
  explicit TimedSource(PassageSource& source) : source_(source) {}

  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const SearchCall& call) override {
    const absl::Time begun = absl::Now();
    absl::StatusOr<v1::SearchResponse> found = source_.Search(request, call);
    took += absl::Now() - begun;
    return found;
  }

  absl::Duration took;

 private:
  PassageSource& source_;
};

AnswerFiguresOfKind FiguresOf(std::vector<double>& ms) {
  AnswerFiguresOfKind figures{.answers = ms.size()};
  if (ms.empty()) return figures;
  std::sort(ms.begin(), ms.end());
  figures.p50_ms = NearestRank(ms, 0.5);
  figures.p99_ms = NearestRank(ms, 0.99);
  figures.max_ms = ms.back();
  return figures;
}

}  // namespace

absl::StatusOr<AnswerBenchReport> BenchAnswers(PassageSource& source,
                                               const std::vector<Topic>& topics, int k,
                                               int repeats) {
  TimedSource timed(source);
  const Answerer answerer(&timed, nullptr, {});
  std::vector<double> answered;
  std::vector<double> refused;
  for (int pass = 0; pass <= repeats; ++pass) {
    for (const Topic& topic : topics) {
      v1::AnswerSpec spec;
      spec.set_question(topic.text);
      spec.set_k(k);
      spec.set_as_of_date(topic.as_of);
      timed.took = absl::ZeroDuration();
      const absl::Time begun = absl::Now();
      ASSIGN_OR_RETURN(const v1::GroundedAnswer answer, answerer.Answer(spec, {}));
      const double ms = absl::ToDoubleMilliseconds(absl::Now() - begun - timed.took);
      if (pass == 0) continue;
      (answer.status() == v1::ANSWER_STATUS_ANSWERED ? answered : refused).push_back(ms);
    }
  }
  return AnswerBenchReport{.answered = FiguresOf(answered), .refused = FiguresOf(refused)};
}

}  // namespace policykb
