// Logger: the process's lines, to stderr, each with its time and severity.
//
// For the programs' main functions; libraries return what there is to say. Any thread, but
// StartLog, which comes first.

#ifndef POLICYKB_CORE_LOG_LOGGER_H_
#define POLICYKB_CORE_LOG_LOGGER_H_

#include "core/log/log_line.h"

namespace policykb {

enum class LogFormat : uint8_t {
  kText,  // TIME SEVERITY event=... key=value ...
  kJson,  // {"time":"...","severity":"info","event":"...",...}
};

enum class LogSeverity : uint8_t { kInfo, kWarning, kError };

// How the lines of this process look from now on. Whoever reads them may go away: the process
// ignores SIGPIPE from here on, and goes on without a log.
void StartLog(LogFormat format);

void Log(LogSeverity severity, const LogLine& line);

}  // namespace policykb

#endif  // POLICYKB_CORE_LOG_LOGGER_H_
