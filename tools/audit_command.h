// policykb audit: the key of an audit log, and how to look for a question in it.
//
// For the command line. One thread.

#ifndef POLICYKB_TOOLS_AUDIT_COMMAND_H_
#define POLICYKB_TOOLS_AUDIT_COMMAND_H_

#include <string>

#include "absl/status/status.h"

namespace policykb {

struct AuditCommand {
  std::string key_file;
  std::string question;
};

// Makes a key in a new file that its owner alone may read. Errors: FailedPrecondition (something is
// there), as WriteNewFile.
absl::Status RunNewAuditKey(const AuditCommand& command);

// Prints the hash that an audit log has of the question. Errors: as QuestionHasher::Open.
absl::Status RunAuditHash(const AuditCommand& command);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_AUDIT_COMMAND_H_
