#include "core/snapshot/record_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/sample_records.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using ::testing::HasSubstr;

TEST(RecordStoreTest, ACheckpointHoldsWhatWasWrittenAndNothingLater) {
  const TempFolder folder;
  const auto [first, first_passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  const auto [second, second_passages] = SampleRegulation("b", "乙条例", {"第一条 二"});
  {
    auto store = RecordStore::OpenForWriting(folder / "store");
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Write(first, first_passages).ok());
    ASSERT_TRUE((*store)->Checkpoint(folder / "checkpoint").ok());
    ASSERT_TRUE((*store)->Write(second, second_passages).ok());
  }
  const auto read = RecordStore::OpenReadOnly(folder / "checkpoint");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*(*read)->GetDocument("a"), first);
  EXPECT_EQ(*(*read)->GetPassage("documents/a/provisions/art1"), first_passages[0]);
  EXPECT_TRUE(absl::IsNotFound((*read)->GetDocument("b").status()));
  EXPECT_TRUE((*read)->Verify().ok());
}

TEST(RecordStoreTest, RemoveTakesADocumentWithItsPassagesAndNoOther) {
  const TempFolder folder;
  const auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  // An id that begins with the other's.
  const auto [longer, longer_passages] = SampleRegulation("a.b", "乙条例", {"第一条 二"});
  auto store = RecordStore::OpenForWriting(folder / "store");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->Write(document, passages).ok());
  ASSERT_TRUE((*store)->Write(longer, longer_passages).ok());
  ASSERT_TRUE((*store)->Remove("a").ok());
  EXPECT_TRUE(absl::IsNotFound((*store)->GetDocument("a").status()));
  EXPECT_TRUE(absl::IsNotFound((*store)->GetPassage(passages[0].name).status()));
  EXPECT_EQ(*(*store)->GetDocument("a.b"), longer);
  EXPECT_THAT(*(*store)->PassagesOf("a.b"), ElementsAre(longer_passages[0]));
  EXPECT_TRUE((*store)->Remove("absent").ok());
}

TEST(RecordStoreTest, MetadataOfSeveralDocumentsComesInTheOrderAskedFor) {
  const TempFolder folder;
  auto store = RecordStore::OpenForWriting(folder / "store");
  ASSERT_TRUE(store.ok());
  for (const std::string id : {"a", "b", "c"}) {
    const auto [document, passages] = SampleRegulation(id, id + "条例", {"第一条 一"});
    ASSERT_TRUE((*store)->Write(document, passages).ok());
  }
  const auto found = (*store)->GetDocumentsMetadata(std::vector<std::string>{"c", "a", "c"});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(*found,
              ElementsAre(*(*store)->GetDocumentMetadata("c"), *(*store)->GetDocumentMetadata("a"),
                          *(*store)->GetDocumentMetadata("c")));
  EXPECT_THAT(*(*store)->GetDocumentsMetadata({}), IsEmpty());
  const auto absent = (*store)->GetDocumentsMetadata(std::vector<std::string>{"a", "d"});
  EXPECT_EQ(absent.status(), absl::NotFoundError("documents/d not found"));
}

TEST(RecordStoreTest, PassagesComeInOrderOfTheText) {
  const TempFolder folder;
  const auto [document, passages] =
      SampleRegulation("a", "甲条例", std::vector<std::string>(12, "第某条 一"));
  auto store = RecordStore::OpenForWriting(folder / "store");
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->Write(document, passages).ok());
  // By keys art10 would come before art2.
  EXPECT_EQ(*(*store)->PassagesOf("a"), passages);
  EXPECT_THAT(*(*store)->PassagesOf("b"), IsEmpty());
}

TEST(RecordStoreTest, ACloneMayChangeAndItsOriginalDoesNot) {
  const TempFolder folder;
  const auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  const auto [other, other_passages] = SampleRegulation("b", "乙条例", {"第一条 二"});
  {
    auto store = RecordStore::OpenForWriting(folder / "store");
    ASSERT_TRUE(store.ok());
    ASSERT_TRUE((*store)->Write(document, passages).ok());
    ASSERT_TRUE((*store)->WriteFile({.path = "a.md", .digest = "1", .documents = {"a"}}).ok());
    ASSERT_TRUE((*store)->AddWithdrawal("c", "c.md").ok());
    ASSERT_TRUE((*store)->Checkpoint(folder / "checkpoint").ok());
  }
  ASSERT_TRUE(RecordStore::Clone(folder / "checkpoint", folder / "clone").ok());
  {
    auto clone = RecordStore::OpenForWriting(folder / "clone");
    ASSERT_TRUE(clone.ok()) << clone.status();
    ASSERT_TRUE((*clone)->Remove("a").ok());
    ASSERT_TRUE((*clone)->Write(other, other_passages).ok());
    ASSERT_TRUE((*clone)->RemoveFile("a.md").ok());
    ASSERT_TRUE((*clone)->RemoveWithdrawal("c").ok());
    ASSERT_TRUE((*clone)->Compact().ok());
    ASSERT_TRUE((*clone)->Checkpoint(folder / "second").ok());
  }
  const auto first = RecordStore::OpenReadOnly(folder / "checkpoint");
  const auto second = RecordStore::OpenReadOnly(folder / "second");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*(*first)->GetDocument("a"), document);
  EXPECT_TRUE((*first)->Verify().ok());
  EXPECT_EQ((*first)->Withdrawals()->at("c"), "c.md");
  EXPECT_TRUE(absl::IsNotFound((*second)->GetDocument("a").status()));
  EXPECT_EQ(*(*second)->GetDocument("b"), other);
  EXPECT_TRUE((*second)->Verify().ok());
  EXPECT_THAT(*(*second)->Withdrawals(), IsEmpty());
  std::vector<std::string> ids;
  const std::string digest = TextDigest(other, other_passages);
  ASSERT_TRUE((*second)
                  ->ForEachDocument([&ids, &digest](const StoredDocument& stored) {
                    ids.push_back(stored.document.id);
                    EXPECT_EQ(stored.text_digest, digest);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(ids, ElementsAre("b"));
}

TEST(RecordStoreTest, DocumentsComeInOrderOfIdsAndPassagesInOrderOfTheText) {
  const TempFolder folder;
  auto store = RecordStore::OpenForWriting(folder / "store");
  ASSERT_TRUE(store.ok());
  std::vector<std::string> articles;
  for (int i = 1; i <= 11; ++i) articles.push_back(std::string("条 ") + std::to_string(i));
  // By key, art10 comes before art2, and "a-b" before "a".
  const auto [first, first_passages] = SampleRegulation("a", "甲条例", articles);
  const auto [second, second_passages] = SampleRegulation("a-b", "乙条例", {"第一条 二"});
  ASSERT_TRUE((*store)->Write(second, second_passages).ok());
  ASSERT_TRUE((*store)->Write(first, first_passages).ok());
  EXPECT_EQ(*(*store)->PassagesOf("a"), first_passages);
  EXPECT_EQ(*(*store)->PassagesOf("a-b"), second_passages);
  EXPECT_EQ(*(*store)->PassagesOf("none"), std::vector<Passage>());

  std::vector<std::string> ids;
  ASSERT_TRUE((*store)
                  ->ForEachDocument([&](const StoredDocument& stored) {
                    ids.push_back(stored.document.id);
                    EXPECT_EQ(stored.text_digest.size(), 32u);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_THAT(ids, testing::ElementsAre("a", "a-b"));
  const absl::Status stopped =
      (*store)->ForEachDocument([](const StoredDocument&) { return absl::CancelledError("x"); });
  EXPECT_EQ(stopped.code(), absl::StatusCode::kCancelled);
}

TEST(RecordStoreTest, ReadingChangesNoFile) {
  const TempFolder folder;
  const auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  {
    auto store = RecordStore::OpenForWriting(folder / "store");
    ASSERT_TRUE(store.ok());
    ASSERT_TRUE((*store)->Write(document, passages).ok());
    ASSERT_TRUE((*store)->Checkpoint(folder / "checkpoint").ok());
  }
  const auto contents = [&] {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "checkpoint")) {
      files[entry.path().string()] = *ReadFile(entry.path().string());
    }
    return files;
  };
  const auto before = contents();
  {
    const auto read = RecordStore::OpenReadOnly(folder / "checkpoint");
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE((*read)->GetDocument("a").ok());
  }
  EXPECT_EQ(contents(), before);
}

TEST(RecordStoreTest, ASecondWriterIsRefused) {
  const TempFolder folder;
  const auto first = RecordStore::OpenForWriting(folder / "store");
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(RecordStore::OpenForWriting(folder / "store").status()));
}

TEST(RecordStoreTest, AFlippedByteInARecordIsDataLoss) {
  const TempFolder folder;
  const auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一", "第二条 二"});
  {
    auto store = RecordStore::OpenForWriting(folder / "store");
    ASSERT_TRUE(store.ok());
    ASSERT_TRUE((*store)->Write(document, passages).ok());
    ASSERT_TRUE((*store)->Checkpoint(folder / "checkpoint").ok());
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder / "checkpoint")) {
    if (entry.path().extension() != ".sst") continue;
    std::string bytes = *ReadFile(entry.path().string());
    // A table begins with its data blocks.
    bytes[20] = static_cast<char>(~bytes[20]);
    ASSERT_TRUE(WriteNewFile(entry.path().string(), bytes).ok());
  }
  const auto read = RecordStore::OpenReadOnly(folder / "checkpoint");
  const absl::Status status = read.ok() ? (*read)->Verify() : read.status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("checkpoint"));
}

}  // namespace
}  // namespace policykb
