#include "core/rpc/audit_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixMillis(1700000000123);

class AuditLogTest : public testing::Test {
 protected:
  static QuestionHasher Hasher() { return *QuestionHasher::Create(std::string(32, 'k')); }
  std::unique_ptr<AuditLog> Open(AuditOptions options = {}) const {
    options.file = file_;
    auto log = AuditLog::Open(std::move(options), Hasher());
    EXPECT_TRUE(log.ok()) << log.status();
    return log.ok() ? *std::move(log) : nullptr;
  }
  static void Write(AuditLog& log, std::string_view question) {
    log.Write({.event = "search", .documents = {"dogs", "water"}},
              {.method = "Search",
               .caller = "generator",
               .role = "service",
               .on_behalf_of = "hall\n3",
               .trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "x"},
               .snapshot = "20261124-012927"},
              question, kNow);
  }
  static size_t Lines(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  const TempFolder folder_;
  const std::string file_ = folder_ / "audit.jsonl";
};

TEST_F(AuditLogTest, ALineSaysWhoWhenAndWhatWasShownButNotTheQuestion) {
  Write(*Open(), "养犬登记要几天");
  EXPECT_EQ(*ReadFile(file_),
            Cat(R"({"event":"search","time":"2023-11-14T22:13:20.123Z","method":"Search",)",
                R"("code":"OK","caller":"generator","role":"service","on_behalf_of":"hall\n3",)",
                R"("trace":"4bf92f3577b34da6a3ce929d0e0e4736","snapshot":"20261124-012927",)",
                R"("question":")", Hasher().Hash("养犬登记要几天"), R"(","key":")",
                Hasher().key_id(), R"(","outcome":"","documents":["dogs","water"]})", "\n"));
  struct stat about;
  ASSERT_EQ(::stat(file_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(AuditLogTest, LinesAreAppendedBehindALineThatWasCutOff) {
  ASSERT_TRUE(WriteFileAtomically(file_, "{\"event\":\"sea").ok());
  auto log = Open();
  Write(*log, "一");
  Write(*log, "二");
  log.reset();
  const std::string text = *ReadFile(file_);
  EXPECT_TRUE(text.starts_with("{\"event\":\"sea\n{\"event\":\"search\"")) << text;
  EXPECT_EQ(Lines(text), 3U);
}

TEST_F(AuditLogTest, AFileThatIsRenamedAwayIsReplaced) {
  auto log = Open();
  Write(*log, "一");
  // Until the first line is there.
  while (FileSize(file_).value_or(0) == 0) std::this_thread::yield();
  std::filesystem::rename(file_, file_ + ".1");
  Write(*log, "二");
  log.reset();
  EXPECT_EQ(Lines(*ReadFile(file_ + ".1")), 1U);
  EXPECT_EQ(Lines(*ReadFile(file_)), 1U);
}

TEST_F(AuditLogTest, ReopeningMakesANewFileWithoutALine) {
  auto log = Open();
  std::filesystem::rename(file_, file_ + ".1");
  log->Reopen();
  while (!PathExists(file_)) std::this_thread::yield();
  Write(*log, "一");
  log.reset();
  EXPECT_EQ(*ReadFile(file_ + ".1"), "");
  EXPECT_EQ(Lines(*ReadFile(file_)), 1U);
}

TEST_F(AuditLogTest, WhatCannotBeWrittenIsCountedAndTheNextLineIsWhole) {
  std::vector<std::pair<absl::Status, int64_t>> told;
  absl::Mutex mutex;
  const auto tell = [&](const absl::Status& status, int64_t lost) {
    absl::MutexLock lock(&mutex);
    told.emplace_back(status, lost);
  };
  // A limit on the size of files stands for a full disk; writing over it is a signal first.
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlim_t old = limit.rlim_cur;
  auto log = Open({.told = tell});
  limit.rlim_cur = 100;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  Write(*log, "一");
  const auto told_of = [&](size_t count) {
    absl::MutexLock lock(&mutex);
    return told.size() >= count;
  };
  while (!told_of(1)) std::this_thread::yield();
  limit.rlim_cur = old;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  Write(*log, "二");
  while (!told_of(2)) std::this_thread::yield();
  log.reset();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].first.code(), absl::StatusCode::kResourceExhausted) << told[0].first;
  EXPECT_EQ(told[0].second, 1);
  EXPECT_TRUE(told[1].first.ok());
  EXPECT_EQ(told[1].second, 0);
  const std::string text = *ReadFile(file_);
  ASSERT_EQ(Lines(text), 2U);
  EXPECT_EQ(text.find('\n'), 100U);
  EXPECT_THAT(text.substr(101), ::testing::StartsWith("{\"event\":\"search\""));
  EXPECT_THAT(text, HasSubstr(Hasher().Hash("二")));
}

TEST_F(AuditLogTest, LinesThatNobodyTakesInTimeAreCounted) {
  int64_t lost = 0;
  {
    auto log = Open({.most_waiting = 0, .told = [&](const absl::Status& status, int64_t lines) {
                       EXPECT_THAT(std::string(status.message()), HasSubstr("wait for the disk"));
                       lost += lines;
                     }});
    Write(*log, "一");
    Write(*log, "二");
  }
  EXPECT_EQ(lost, 2);
  EXPECT_EQ(*ReadFile(file_), "");
}

TEST_F(AuditLogTest, APlaceThatCannotBeWrittenIsSaidAtTheStart) {
  EXPECT_EQ(AuditLog::Open({.file = folder_ / "none/audit"}, Hasher()).status().code(),
            absl::StatusCode::kNotFound);
  const absl::Status folder = AuditLog::Open({.file = folder_.path()}, Hasher()).status();
  EXPECT_FALSE(folder.ok());
  EXPECT_THAT(std::string(folder.message()), HasSubstr(folder_.path()));
}

TEST_F(AuditLogTest, DocumentsAreNamedOnceByTheirIds) {
  std::vector<std::string> documents;
  AddShown("documents/dogs/provisions/art2", documents);
  AddShown("documents/water", documents);
  AddShown("documents/dogs/provisions/art3", documents);
  EXPECT_THAT(documents, ::testing::ElementsAre("dogs", "water"));
}

}  // namespace
}  // namespace policykb
