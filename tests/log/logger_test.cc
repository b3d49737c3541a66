#include "core/log/logger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

// What is written to stderr meanwhile.
std::string Logged(LogFormat format, const LogLine& line) {
  testing::internal::CaptureStderr();
  EXPECT_TRUE(StartLog(format).ok());
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
  EXPECT_TRUE(StartLog(LogFormat::kText).ok());
  Log(LogSeverity::kInfo, LogLine("nobody_reads"));
  Log(LogSeverity::kInfo, LogLine("nobody_reads"));
  ASSERT_EQ(::dup2(kept, STDERR_FILENO), STDERR_FILENO);
  ::close(kept);
}

TEST(LoggerTest, AFileTakesTheLinesAndANewOneThoseAfterItWasRenamedAway) {
  const TempFolder folder;
  const std::string file = folder / "log";
  ASSERT_TRUE(StartLog(LogFormat::kText, file).ok());
  Log(LogSeverity::kInfo, LogLine("first"));
  std::filesystem::rename(file, file + ".1");
  ASSERT_TRUE(ReopenLog().ok());
  EXPECT_EQ(*ReadFile(file), "");
  Log(LogSeverity::kInfo, LogLine("second"));
  EXPECT_TRUE(StartLog(LogFormat::kText).ok());
  EXPECT_TRUE(ReadFile(file + ".1")->ends_with(" info event=first\n"));
  EXPECT_TRUE(ReadFile(file)->ends_with(" info event=second\n"));
}

TEST(LoggerTest, WhatTheFileDoesNotTakeGoesToStderr) {
  auto folder = std::make_unique<TempFolder>();
  const std::string file = *folder / "log";
  ASSERT_TRUE(StartLog(LogFormat::kText, file).ok());
  folder.reset();
  testing::internal::CaptureStderr();
  Log(LogSeverity::kInfo, LogLine("no_folder"));
  EXPECT_EQ(ReopenLog().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(StartLog(LogFormat::kText).ok());
  EXPECT_TRUE(testing::internal::GetCapturedStderr().ends_with(" info event=no_folder\n"));
}

TEST(LoggerTest, AFileThatCannotBeOpenedIsSaidAndStderrTakesTheLines) {
  testing::internal::CaptureStderr();
  const absl::Status started = StartLog(LogFormat::kText, "/nonexistent/log");
  EXPECT_EQ(started.code(), absl::StatusCode::kNotFound);
  Log(LogSeverity::kInfo, LogLine("all_the_same"));
  EXPECT_TRUE(testing::internal::GetCapturedStderr().ends_with(" info event=all_the_same\n"));
}

}  // namespace
}  // namespace policykb
