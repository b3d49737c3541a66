#include "tools/audit_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "core/base/files.h"
#include "core/rpc/question_hash.h"

namespace policykb {
namespace {

TEST(AuditCommandTest, TheHashOfAQuestionIsThatOfTheLog) {
  const std::string file = testing::TempDir() + "audit_command.key";
  std::filesystem::remove(file);
  testing::internal::CaptureStdout();
  ASSERT_TRUE(RunNewAuditKey({.key_file = file, .question = {}}).ok());
  ASSERT_TRUE(RunAuditHash({.key_file = file, .question = "养犬登记要几天？"}).ok());
  const std::string printed = testing::internal::GetCapturedStdout();
  const auto hasher = QuestionHasher::Open(file);
  ASSERT_TRUE(hasher.ok()) << hasher.status();
  EXPECT_EQ(printed,
            file + ": key " + hasher->key_id() + "\n" + hasher->Hash("养犬登记要几天？") + "\n");
  struct stat about;
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST(AuditCommandTest, AKeyThatIsThereIsNotReplaced) {
  const std::string file = testing::TempDir() + "audit_command_old.key";
  ASSERT_TRUE(WriteFileAtomically(file, "old").ok());
  EXPECT_EQ(RunNewAuditKey({.key_file = file, .question = {}}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(*ReadFile(file), "old");
}

}  // namespace
}  // namespace policykb
