// AppendFile: a file of lines that grows, and that others may rename away meanwhile.
//
// For logs. A line is written behind all others with one call to the system, so that programs like
// logrotate find whole lines and no line twice: what stands at the path is looked at before each
// line, and a file that was renamed away or removed is replaced by a new one. Nothing is synced.
// One thread at a time.

#ifndef POLICYKB_CORE_BASE_APPEND_FILE_H_
#define POLICYKB_CORE_BASE_APPEND_FILE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

class AppendFile {
 public:
  // Opens the file for appending, or creates it for its owner alone. A last line that was cut off
  // stays, with a line end behind it once something follows. Errors: PermissionDenied, NotFound (no
  // such folder), FailedPrecondition (no regular file), Unavailable.
  static absl::StatusOr<std::unique_ptr<AppendFile>> Open(std::string path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  // `line` ends with its line end. After an error part of it may be there; the next one begins a
  // line of its own. Errors: as Open; ResourceExhausted (disk full).
  absl::Status Append(std::string_view line);
  // Opens what stands at the path now, or makes it, unless that is the file that is open. Errors:
  // as Open; what was open stays so.
  absl::Status Reopen();

 private:
  explicit AppendFile(std::string path);

  const std::string path_;
  int file_ = -1;
  bool broken_ = false;  // the last line has no end
};

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_APPEND_FILE_H_
