#include "tools/audit_command.h"

#include <sys/stat.h>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/question_hash.h"
#include "tools/printing.h"

namespace policykb {

absl::Status RunNewAuditKey(const AuditCommand& command) {
  if (PathExists(command.key_file)) {
    return absl::FailedPreconditionError(
        Cat(command.key_file,
            ": is there already; whoever takes its place makes the hashes that "
            "were written with it useless"));
  }
  const mode_t before = ::umask(S_IRWXG | S_IRWXO);
  const absl::Status written = WriteNewFile(command.key_file, QuestionHasher::MakeKey() + "\n");
  ::umask(before);
  RETURN_IF_ERROR(written);
  ASSIGN_OR_RETURN(const QuestionHasher hasher, QuestionHasher::Open(command.key_file));
  Print(Cat(command.key_file, ": key ", hasher.key_id(), "\n"));
  return absl::OkStatus();
}

absl::Status RunAuditHash(const AuditCommand& command) {
  ASSIGN_OR_RETURN(const QuestionHasher hasher, QuestionHasher::Open(command.key_file));
  Print(Cat(hasher.Hash(command.question), "\n"));
  return absl::OkStatus();
}

}  // namespace policykb
