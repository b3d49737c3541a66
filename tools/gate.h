// The gate: judges a snapshot against rules and against the live one.
//
// Searches and compares, decides passed or refused, and keeps what the data team needs to see why.
// Not for printing (gate_report.h) and not for publishing (policykb-indexer). One call at a time.

#ifndef POLICYKB_TOOLS_GATE_H_
#define POLICYKB_TOOLS_GATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/local_searcher.h"
#include "tools/gate_file.h"
#include "tools/scored_topic.h"

namespace policykb {

// One figure of a question set against its bounds.
struct FigureCheck {
  std::string measure;
  double value = 0;
  std::optional<double> live;      // absent without a baseline
  std::optional<double> floor;     // as ruled
  std::optional<double> may_drop;  // as ruled; not applied without a baseline
  bool passed = false;
};

// A topic whose figures fell.
struct WorseTopic {
  std::string id;
  std::string text;
  double loss = 0;         // sum of what the ruled figures lost
  size_t rank_before = 0;  // of the first relevant unit; 0: not among the first hundred
  size_t rank_after = 0;
  std::vector<FoundPassage> best_before;  // at most three
  std::vector<FoundPassage> best_after;
};

struct MeasureReport {
  std::string name;
  size_t topics = 0;  // judged ones
  std::vector<FigureCheck> figures;
  std::vector<WorseTopic> worse;  // greatest loss first; none without a baseline
};

struct PairReport {
  PairRule rule;
  size_t rank = 0;                  // of the first passage of `rule.name`; 0: not found
  bool in_snapshot = false;         // whether the document of `rule.name` is there at all
  std::vector<FoundPassage> found;  // the first passages, at most three
  bool passed = false;
};

struct CountCheck {
  std::string what;
  uint64_t value = 0;
  std::optional<uint64_t> live;  // absent without a baseline
  double may_drop_percent = 0;
  bool passed = false;
};

struct GateReport {
  std::string snapshot;
  std::string baseline;  // id; empty: compared with nothing
  std::vector<MeasureReport> measures;
  std::vector<PairReport> pairs;
  std::vector<CountCheck> counts;

  size_t checks() const;
  size_t missed() const;
  bool passed() const { return missed() == 0; }
};

// `baseline` may be null: then nothing is compared, and rules that compare pass. Errors: as
// QuestionSet::Read and RetrieverService.Search, with file and line of the rule; InvalidArgument
// (no topic of a set is judged).
absl::StatusOr<GateReport> JudgeSnapshot(const GateRules& rules,
                                         const std::shared_ptr<const LocalSearcher>& snapshot,
                                         const std::shared_ptr<const LocalSearcher>& baseline);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GATE_H_
