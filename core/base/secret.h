// ReadSecret: a key from a file or from the environment; never from the command line, which others
// can read.
//
// Any thread, as far as nobody changes the environment.

#ifndef POLICYKB_CORE_BASE_SECRET_H_
#define POLICYKB_CORE_BASE_SECRET_H_

#include <string>

#include "absl/status/statusor.h"

namespace policykb {

// The content of `file` without white space at its ends, or, when `file` is empty, the environment
// variable; empty when there is neither. Errors: NotFound, PermissionDenied, FailedPrecondition
// (over 4 KiB).
absl::StatusOr<std::string> ReadSecret(const std::string& file, const char* variable);

// OK when none but owner and group may read or write the file. Errors: FailedPrecondition,
// NotFound, PermissionDenied.
absl::Status CheckNotForAll(const std::string& file);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_SECRET_H_
