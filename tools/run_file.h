// TREC run files: writing and reading them.
//
// A line is "topic Q0 name rank score run". Ranks say the order, not scores: what a query names
// leads whatever its score. Not for judging a run (scored_topic.h). Pure functions over files, any
// thread.

#ifndef POLICYKB_TOOLS_RUN_FILE_H_
#define POLICYKB_TOOLS_RUN_FILE_H_

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct RunLine {
  std::string topic;
  std::string name;  // of a provision; white space in it is written as %20
  size_t rank = 0;   // from 1
  double score = 0;
};

// With its line end.
std::string EncodeRunLine(const RunLine& line, const std::string& run_name);

// Names by topic, best rank first. Errors: NotFound, InvalidArgument naming the line (columns, a
// rank that is none, a name or rank that the topic has already, no line at all).
absl::StatusOr<std::map<std::string, std::vector<std::string>>> ReadRun(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_RUN_FILE_H_
