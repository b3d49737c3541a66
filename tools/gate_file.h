// gate.toml: what a snapshot must reach before it is published.
//
// Reading it only; judging is gate.h. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_GATE_FILE_H_
#define POLICYKB_TOOLS_GATE_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/searcher.h"
#include "tools/question_set.h"

namespace policykb {

// A bound on one figure of a question set; one of the two is there at least.
struct FigureRule {
  std::string measure;             // a name that FindMeasure knows
  std::optional<double> floor;     // 0 to 1
  std::optional<double> may_drop;  // below the live snapshot's figure, 0 to 1
};

// A question set with bounds, in the order of Measures().
struct MeasureRule {
  std::string name;
  std::string where;  // for messages: file, line and name
  QuestionFiles questions;
  std::vector<FigureRule> figures;
};

enum class PairKind { kMustFind, kMustNotFind };

// What a query must find, or must not find, among its first k passages.
struct PairRule {
  PairKind kind = PairKind::kMustFind;
  std::string query;
  std::string name;  // of a document, a provision or a passage
  uint32_t k = kDefaultHits;
  std::string as_of;  // YYYY-MM-DD; empty: today
  CallerLabels labels = {kPublicLabel};
};

struct GateRules {
  std::vector<MeasureRule> measures;
  std::vector<PairRule> pairs;
  // Below the live snapshot's count, 0 to 100.
  std::optional<double> documents_may_drop_percent;
  std::optional<double> passages_may_drop_percent;
};

// `path` stands in messages, and paths in the text are relative to its folder. Errors:
// InvalidArgument naming file and line: grammar, a key that is unknown, missing or of the wrong
// type, a value out of range, no rule at all.
absl::StatusOr<GateRules> ParseGateFile(std::string_view text, const std::string& path);

// Errors: as ParseGateFile; NotFound, PermissionDenied; FailedPrecondition (above 1 MiB).
absl::StatusOr<GateRules> ReadGateFile(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_GATE_FILE_H_
