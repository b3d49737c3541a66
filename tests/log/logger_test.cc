#include "core/log/logger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

namespace policykb {
namespace {

// What is written to stderr meanwhile.
std::string Logged(LogFormat format, const LogLine& line) {
  testing::internal::CaptureStderr();
  StartLog(format);
  Log(LogSeverity::kWarning, line);
  return testing::internal::GetCapturedStderr();
}

TEST(LoggerTest, ALineHasItsTimeAndSeverityFirst) {
  const std::string text = Logged(LogFormat::kText, LogLine("call").Add("percent", "100%v {} %d"));
  // 2026-11-24T10:15:02.481+08:00, then the rest as it is: nothing in it is a pattern.
  EXPECT_EQ(text.find(" warning event=call percent=\"100%v {} %d\"\n"), 29U) << text;
}

TEST(LoggerTest, AJsonLineIsOneObject) {
  const std::string text = Logged(LogFormat::kJson, LogLine("call").Add("percent", "100%v {} %d"));
  const nlohmann::json parsed = nlohmann::json::parse(text, nullptr, false);
  ASSERT_TRUE(parsed.is_object()) << text;
  EXPECT_EQ(parsed["severity"], "warning");
  EXPECT_EQ(parsed["event"], "call");
  EXPECT_EQ(parsed["percent"], "100%v {} %d");
  EXPECT_EQ(parsed["time"].get<std::string>().size(), 29U);
}

TEST(LoggerTest, AReaderThatGoesAwayEndsNothing) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const int kept = ::dup(STDERR_FILENO);
  ASSERT_EQ(::dup2(pipe[1], STDERR_FILENO), STDERR_FILENO);
  ::close(pipe[1]);
  ::close(pipe[0]);
  StartLog(LogFormat::kText);
  Log(LogSeverity::kInfo, LogLine("nobody_reads"));
  Log(LogSeverity::kInfo, LogLine("nobody_reads"));
  ASSERT_EQ(::dup2(kept, STDERR_FILENO), STDERR_FILENO);
  ::close(kept);
}

}  // namespace
}  // namespace policykb
