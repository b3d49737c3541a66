#include "core/log/logger.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <memory>

namespace policykb {

namespace {

// Of all threads; set once.
std::atomic<LogFormat>& Format() {
  static std::atomic<LogFormat> format = LogFormat::kText;
  return format;
}

spdlog::level::level_enum LevelOf(LogSeverity severity) {
  switch (severity) {
    case LogSeverity::kError:
      return spdlog::level::err;
    case LogSeverity::kWarning:
      return spdlog::level::warn;
    case LogSeverity::kInfo:
      break;
  }
  return spdlog::level::info;
}

}  // namespace

void StartLog(LogFormat format) {
  std::signal(SIGPIPE, SIG_IGN);
  Format() = format;
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  spdlog::set_pattern(format == LogFormat::kJson
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","severity":"%l",%v)"
                          : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

void Log(LogSeverity severity, const LogLine& line) {
  // The pattern has opened the object.
  const std::string text = Format() == LogFormat::kJson ? line.ToJson().substr(1) : line.ToText();
  spdlog::default_logger_raw()->log(LevelOf(severity), spdlog::string_view_t(text));
}

}  // namespace policykb
