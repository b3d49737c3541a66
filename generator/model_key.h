// The key for a model server, from a file or from the environment; never from the command line,
// which others can read.
//
// Any thread.

#ifndef POLICYKB_GENERATOR_MODEL_KEY_H_
#define POLICYKB_GENERATOR_MODEL_KEY_H_

#include <string>

#include "absl/status/statusor.h"

namespace policykb {

// The content of `file` without white space at its ends, or, when `file` is empty, the environment
// variable POLICYKB_MODEL_KEY; empty when there is neither. Errors: NotFound, PermissionDenied,
// FailedPrecondition (over 4 KiB).
absl::StatusOr<std::string> ReadModelKey(const std::string& file);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_MODEL_KEY_H_
