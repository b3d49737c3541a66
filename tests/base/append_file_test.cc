#include "core/base/append_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

class AppendFileTest : public testing::Test {
 protected:
  std::unique_ptr<AppendFile> Open() const {
    auto file = AppendFile::Open(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return file.ok() ? *std::move(file) : nullptr;
  }

  const TempFolder folder_;
  const std::string path_ = folder_ / "lines";
};

TEST_F(AppendFileTest, LinesStandBehindThoseThatAreThere) {
  ASSERT_TRUE(Open()->Append("a\n").ok());
  ASSERT_TRUE(Open()->Append("b\n").ok());
  EXPECT_EQ(*ReadFile(path_), "a\nb\n");
  struct stat about;
  ASSERT_EQ(::stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(AppendFileTest, ALineThatWasCutOffStaysAlone) {
  ASSERT_TRUE(WriteNewFile(path_, "a\nb").ok());
  ASSERT_TRUE(Open()->Append("c\n").ok());
  EXPECT_EQ(*ReadFile(path_), "a\nb\nc\n");
}

TEST_F(AppendFileTest, TheNextLineGoesIntoAFileOfItsOwnOnceTheOldOneIsAway) {
  const auto file = Open();
  ASSERT_TRUE(file->Append("a\n").ok());
  std::filesystem::rename(path_, path_ + ".1");
  ASSERT_TRUE(file->Append("b\n").ok());
  std::filesystem::remove(path_);
  ASSERT_TRUE(file->Append("c\n").ok());
  EXPECT_EQ(*ReadFile(path_ + ".1"), "a\n");
  EXPECT_EQ(*ReadFile(path_), "c\n");
}

TEST_F(AppendFileTest, AFileThatSomebodyMadeMeanwhileIsTakenAsItIs) {
  const auto file = Open();
  std::filesystem::rename(path_, path_ + ".1");
  ASSERT_TRUE(WriteNewFile(path_, "theirs\n").ok());
  ASSERT_TRUE(file->Reopen().ok());
  ASSERT_TRUE(file->Append("ours\n").ok());
  EXPECT_EQ(*ReadFile(path_), "theirs\nours\n");
}

TEST_F(AppendFileTest, ReopeningMakesTheFileAtOnce) {
  const auto file = Open();
  std::filesystem::rename(path_, path_ + ".1");
  ASSERT_TRUE(file->Reopen().ok());
  EXPECT_EQ(*ReadFile(path_), "");
}

TEST_F(AppendFileTest, OnlyRegularFilesGrow) {
  EXPECT_FALSE(AppendFile::Open(folder_.path()).ok());
  EXPECT_EQ(AppendFile::Open("/dev/null").status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(AppendFile::Open(folder_ / "none/lines").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
