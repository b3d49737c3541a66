#include "core/snapshot/filter_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/sample_records.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

std::string WriteSample(const TempFolder& folder) {
  FilterColumnsWriter writer;
  auto [first, first_passages] = SampleRegulation("a", "甲条例", {"第一条 一", "第二条 二二"});
  first.validity.from = CivilDate(100);
  first.visibility = {"staff", "public"};
  auto [second, second_passages] = SampleRegulation("b", "乙条例", {"第一条 三三三"});
  second.document_number = "某政发〔2023〕1号";
  second.validity.to = CivilDate(200);
  writer.Add(first, first_passages);
  writer.Add(second, second_passages);
  const std::string path = folder / "columns";
  EXPECT_TRUE(writer.Finish(path).ok());
  return path;
}

TEST(FilterColumnsTest, GivesBackDocumentsAndTheirPassages) {
  const TempFolder folder;
  const auto columns = FilterColumns::Open(WriteSample(folder));
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_EQ((*columns)->documents(), 2u);
  EXPECT_EQ((*columns)->passages(), 3u);
  EXPECT_EQ((*columns)->title(1), "乙条例");
  EXPECT_EQ((*columns)->document_number(1), "某政发〔2023〕1号");
  EXPECT_EQ((*columns)->kind(0), "regulation");
  EXPECT_THAT((*columns)->labels(0), testing::ElementsAre("public", "staff"));
  EXPECT_THAT((*columns)->labels(1), testing::ElementsAre("public"));
  EXPECT_EQ((*columns)->passages_of(0), std::make_pair(0u, 2u));
  EXPECT_EQ((*columns)->passages_of(1), std::make_pair(2u, 3u));
  EXPECT_EQ((*columns)->document_of(2), 1u);
  EXPECT_EQ((*columns)->PassageName(1), "documents/a/provisions/art2");
}

TEST(FilterColumnsTest, KeepsOpenEndsOfValidityOpen) {
  const TempFolder folder;
  const auto columns = FilterColumns::Open(WriteSample(folder));
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)->validity(0), (Validity{.from = CivilDate(100), .to = std::nullopt}));
  EXPECT_EQ((*columns)->validity(1), (Validity{.from = std::nullopt, .to = CivilDate(200)}));
}

TEST(FilterColumnsTest, FindsADocumentByItsIdOnly) {
  const TempFolder folder;
  const auto columns = FilterColumns::Open(WriteSample(folder));
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ((*columns)->FindDocument("b"), 1u);
  EXPECT_EQ((*columns)->FindDocument("aa"), std::nullopt);
  EXPECT_EQ((*columns)->FindDocument(""), std::nullopt);
}

TEST(FilterColumnsTest, AStoredFileOfVersion2OpensForEverWithoutKindsOfAnswers) {
  // What WriteSample writes, as the last program before version 3 wrote it.
  const auto columns =
      FilterColumns::Open(POLICYKB_SOURCE_DIR "/tests/snapshot/testdata/columns-v2.bin");
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_EQ((*columns)->documents(), 2u);
  EXPECT_EQ((*columns)->passages(), 3u);
  EXPECT_EQ((*columns)->title(1), "乙条例");
  EXPECT_EQ((*columns)->document_number(1), "某政发〔2023〕1号");
  EXPECT_THAT((*columns)->labels(0), testing::ElementsAre("public", "staff"));
  EXPECT_EQ((*columns)->validity(0), (Validity{.from = CivilDate(100), .to = std::nullopt}));
  EXPECT_EQ((*columns)->PassageName(2), "documents/b/provisions/art1");
}

TEST(FilterColumnsTest, NeverReadsOutOfBoundsWhateverByteIsFlipped) {
  const TempFolder folder;
  const std::string bytes = *ReadFile(WriteSample(folder));
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(~flipped[at]);
    WriteUnsynced(folder / "flipped", flipped);
    const auto columns = FilterColumns::Open(folder / "flipped");
    if (!columns.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(columns.status()) ||
                  absl::IsFailedPrecondition(columns.status()))
          << at;
      continue;
    }
    size_t bytes_read = 0;
    for (uint32_t document = 0; document < (*columns)->documents(); ++document) {
      bytes_read += (*columns)->title(document).size() + (*columns)->kind(document).size() +
                    (*columns)->labels(document).size();
    }
    for (uint32_t passage = 0; passage < (*columns)->passages(); ++passage) {
      bytes_read += (*columns)->PassageName(passage).size();
    }
    EXPECT_LT(bytes_read, 4 * bytes.size());
  }
}

}  // namespace
}  // namespace policykb
