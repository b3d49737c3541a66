// EvaluationFolder: where the evaluation data stands that some tests read and nobody ships.
//
// For tests with "Evaluation" in their name, which skip where it is empty. Any thread.

#ifndef POLICYKB_TESTS_TESTING_EVALUATION_DATA_H_
#define POLICYKB_TESTS_TESTING_EVALUATION_DATA_H_

#include <cstdlib>
#include <string>

#include "core/base/files.h"

namespace policykb {

// The folder `name` below POLICYKB_SHARED, or nothing where it is not there.
inline std::string EvaluationFolder(const std::string& name) {
  const char* shared = std::getenv("POLICYKB_SHARED");
  if (shared == nullptr) return "";
  std::string folder = JoinPath(shared, name);
  return PathExists(folder) ? folder : "";
}

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_EVALUATION_DATA_H_
