#include "core/log/logger.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <utility>

#include "core/base/append_file.h"
#include "core/base/status_macros.h"

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

class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(std::unique_ptr<AppendFile> file) : file_(std::move(file)) {}

  absl::Status Reopen() {
    std::lock_guard<std::mutex> lock(mutex_);
    return file_->Reopen();
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (!file_->Append({line.data(), line.size()}).ok())
      std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush_() override {}

 private:
  const std::unique_ptr<AppendFile> file_;
};

// Of the default logger; null where lines go to stderr.
std::shared_ptr<FileSink>& LogFile() {
  static std::shared_ptr<FileSink> file;
  return file;
}

void LogTo(spdlog::sink_ptr sink) {
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::move(sink)));
  spdlog::set_pattern(Format() == LogFormat::kJson
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","severity":"%l",%v)"
                          : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

}  // namespace

absl::Status StartLog(LogFormat format, const std::string& file) {
  std::signal(SIGPIPE, SIG_IGN);
  Format() = format;
  LogFile() = nullptr;
  LogTo(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  if (file.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> opened, AppendFile::Open(file));
  LogFile() = std::make_shared<FileSink>(std::move(opened));
  LogTo(LogFile());
  return absl::OkStatus();
}

absl::Status ReopenLog() { return LogFile() == nullptr ? absl::OkStatus() : LogFile()->Reopen(); }

void Log(LogSeverity severity, const LogLine& line) {
  // The pattern has opened the object.
  const std::string text = Format() == LogFormat::kJson ? line.ToJson().substr(1) : line.ToText();
  spdlog::default_logger_raw()->log(LevelOf(severity), spdlog::string_view_t(text));
}

}  // namespace policykb
