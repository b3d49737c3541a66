#include "core/snapshot/section_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

std::string WriteSample(const TempFolder& folder) {
  SectionFileWriter writer("testfile", 3);
  writer.AddArray(std::vector<uint32_t>{7, 11});
  writer.AddStrings({"ab", "", "c"});
  writer.Add("raw");
  const std::string path = folder / "file";
  EXPECT_TRUE(writer.Finish(path).ok());
  return path;
}

// Reads everything a caller could read of the sample; only the status matters.
absl::Status ReadAll(const std::string& path) {
  const absl::StatusOr<SectionFile> file = SectionFile::Open(path, "testfile", 3, 4);
  if (!file.ok()) return file.status();
  const auto numbers = file->Array<uint32_t>(0, 2);
  if (!numbers.ok()) return numbers.status();
  const auto strings = file->Strings(1, 3);
  if (!strings.ok()) return strings.status();
  size_t bytes = 0;
  for (size_t i = 0; i < strings->size(); ++i) bytes += (*strings)[i].size();
  return bytes <= 3 ? absl::OkStatus() : absl::InternalError("strings longer than their bytes");
}

TEST(SectionFileTest, GivesBackWhatWasWritten) {
  const TempFolder folder;
  const absl::StatusOr<SectionFile> file = SectionFile::Open(WriteSample(folder), "testfile", 3, 4);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(*file->Array<uint32_t>(0, 2), testing::ElementsAre(7u, 11u));
  const absl::StatusOr<StringTable> strings = file->Strings(1, 3);
  ASSERT_TRUE(strings.ok());
  EXPECT_EQ((*strings)[0], "ab");
  EXPECT_EQ((*strings)[1], "");
  EXPECT_EQ((*strings)[2], "c");
  EXPECT_EQ(file->Section(3), "raw");
}

TEST(SectionFileTest, RefusesAnotherVersionNamingBoth) {
  const TempFolder folder;
  const absl::Status status = SectionFile::Open(WriteSample(folder), "testfile", 4, 4).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("version 3, readable 4"));
}

TEST(SectionFileTest, RefusesAnotherKindOfFile) {
  const TempFolder folder;
  EXPECT_TRUE(absl::IsDataLoss(SectionFile::Open(WriteSample(folder), "otherone", 3, 4).status()));
}

TEST(SectionFileTest, RefusesEveryTruncation) {
  const TempFolder folder;
  const std::string bytes = *ReadFile(WriteSample(folder));
  for (size_t size = 0; size < bytes.size(); ++size) {
    WriteUnsynced(folder / "cut", bytes.substr(0, size));
    EXPECT_FALSE(ReadAll(folder / "cut").ok()) << size << " of " << bytes.size() << " bytes";
  }
}

TEST(SectionFileTest, NeverReadsOutOfBoundsWhateverByteIsFlipped) {
  const TempFolder folder;
  const std::string bytes = *ReadFile(WriteSample(folder));
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (const char mask : {'\x01', '\x80', '\xff'}) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(flipped[at] ^ mask);
      WriteUnsynced(folder / "flipped", flipped);
      const absl::Status status = ReadAll(folder / "flipped");
      EXPECT_TRUE(status.ok() || absl::IsDataLoss(status) || absl::IsFailedPrecondition(status))
          << at << status;
    }
  }
}

}  // namespace
}  // namespace policykb
