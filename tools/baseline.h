// What a run is compared with: a run file, another knowledge base, or another snapshot of the same.
//
// Finds out which of them a word on the command line means and scores the judged topics over it.
// Not for comparing (comparison.h). One call at a time.

#ifndef POLICYKB_TOOLS_BASELINE_H_
#define POLICYKB_TOOLS_BASELINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "tools/question_set.h"
#include "tools/scored_topic.h"

namespace policykb {

struct BaselineOptions {
  // A knowledge base folder (its live snapshot), a run file, or the id of a snapshot of `kb`.
  std::string baseline;
  std::string kb;  // folder of what is measured, or empty where a server is
};

// The judged topics in their order; those that a run file does not name found nothing. Where units
// are articles of files, `snapshot`, that which is measured, says which names of a run file they
// are. Errors: NotFound (no such file, folder or snapshot), InvalidArgument (as ReadRun; a run file
// of articles without a snapshot), as OpenSearcher and ScoreTopics.
absl::StatusOr<std::vector<ScoredTopic>> ScoreBaseline(const BaselineOptions& options,
                                                       const QuestionSet& questions,
                                                       const Snapshot* snapshot);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BASELINE_H_
