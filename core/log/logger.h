// Logger: the process's lines, to stderr or into a file, each with its time and severity.
//
// For the programs' main functions; libraries return what there is to say. Any thread, but
// StartLog, which comes first.

#ifndef POLICYKB_CORE_LOG_LOGGER_H_
#define POLICYKB_CORE_LOG_LOGGER_H_

#include <string>

#include "absl/status/status.h"
#include "core/log/log_line.h"

namespace policykb {

enum class LogFormat : uint8_t {
  kText,  // TIME SEVERITY event=... key=value ...
  kJson,  // {"time":"...","severity":"info","event":"...",...}
};

enum class LogSeverity : uint8_t { kInfo, kWarning, kError };

// How the lines of this process look from now on, and where they go: into `file`
// (core/base/append_file.h), or to stderr where it is empty. What cannot be written into the file
// goes to stderr. Whoever reads that may go away: the process ignores SIGPIPE from here on, and
// goes on without a log. Errors: as AppendFile::Open; lines go to stderr then.
absl::Status StartLog(LogFormat format, const std::string& file = {});

// Makes the file at the path the one that is written, a new one where there is none; for whoever
// has renamed it away. OK without a file. Errors: as AppendFile::Reopen.
absl::Status ReopenLog();

void Log(LogSeverity severity, const LogLine& line);

}  // namespace policykb

#endif  // POLICYKB_CORE_LOG_LOGGER_H_
