#include "core/snapshot/editorial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Every text has the same vector.
class OneVectorEmbedder : public Embedder {
 public:
  int dimension() const override { return 64; }
  const std::string& fingerprint() const override { return fingerprint_; }
  absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const override {
    std::vector<float> vectors(texts.size() * 64, 0.0F);
    for (size_t i = 0; i < texts.size(); ++i) vectors[i * 64] = 1;
    return vectors;
  }
  absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const override {
    return EmbedPassages({&text, 1});
  }

 private:
  std::string fingerprint_ = "one";
};

Editorial Words() {
  Editorial editorial;
  editorial.aliases = {{.alias = "养犬条例", .target = "甲县养犬管理条例"},
                       {.alias = "犬规", .target = "dogs-2023"}};
  editorial.synonym_groups = {{"犬牌", "智能犬牌"}, {"医保", "医疗保险", "health insurance"}};
  editorial.one_way = {{.word = "狗证", .means = {"养犬登记", "犬牌"}}};
  editorial.defined_names = {{.document = "act", .name = "Noise Act"}};
  return editorial;
}

Editorial Sample() {
  Editorial editorial = Words();
  editorial.questions = {
      {.id = "q1",
       .text = "养犬登记要多少钱？",
       .passages = {"documents/dogs-2023/provisions/art2", "documents/gone/provisions/art1"}},
      {.id = "", .text = "Where do I report noise?", .passages = {"documents/act/provisions/s1"}}};
  return editorial;
}

absl::StatusOr<std::unique_ptr<StoredEditorial>> WriteAndOpen(const Editorial& editorial,
                                                              const TempFolder& folder) {
  const absl::Status written = WriteEditorial(editorial, OneVectorEmbedder(), folder.path());
  EXPECT_TRUE(written.ok()) << written;
  return StoredEditorial::Open(folder.path());
}

TEST(EditorialTest, ComesBackAsItWasWritten) {
  for (const Editorial& editorial : {Words(), Sample()}) {
    const TempFolder folder;
    const auto stored = WriteAndOpen(editorial, folder);
    ASSERT_TRUE(stored.ok()) << stored.status();
    EXPECT_EQ((*stored)->Load(), editorial);
    EXPECT_EQ(EditorialDigest((*stored)->Load()), EditorialDigest(editorial));
    EXPECT_TRUE((*stored)->Verify().ok());
  }
}

TEST(EditorialTest, QuestionsHaveTermsVectorsAndPassages) {
  const TempFolder folder;
  const auto stored = WriteAndOpen(Sample(), folder);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ((*stored)->terms()->entries(), 2u);
  EXPECT_EQ((*stored)->vectors()->entries(), 2u);
  EXPECT_THAT((*stored)->passages(1), ElementsAre("documents/act/provisions/s1"));
}

TEST(EditorialTest, FindsTheSameQuestionHoweverItIsPunctuated) {
  const TempFolder folder;
  const auto stored = WriteAndOpen(Sample(), folder);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ((*stored)->FindSame("养犬登记，要多少钱"), 0u);
  EXPECT_EQ((*stored)->FindSame("where do i report NOISE"), 1u);
  EXPECT_EQ((*stored)->FindSame("养犬登记要多少"), 2u);
  EXPECT_EQ((*stored)->FindSame("？"), 2u);
}

TEST(EditorialTest, TheDigestChangesWithEveryPart) {
  std::vector<Editorial> changed(9, Sample());
  changed[1].aliases[0].target = "dogs";
  changed[2].synonym_groups[0].push_back("狗牌");
  changed[3].one_way[0].means.pop_back();
  changed[4].questions[0].id = "q2";
  changed[5].questions[0].passages.pop_back();
  changed[6].defined_names.clear();
  std::swap(changed[7].aliases[0].alias, changed[7].aliases[0].target);
  changed[8].questions.pop_back();
  std::vector<std::string> digests;
  for (const Editorial& editorial : changed) {
    EXPECT_THAT(digests, testing::Not(testing::Contains(EditorialDigest(editorial))));
    digests.push_back(EditorialDigest(editorial));
  }
  EXPECT_EQ(EditorialDigest({}), "");
}

TEST(EditorialTest, EqualWordsGiveEqualBytes) {
  const TempFolder one, two;
  ASSERT_TRUE(WriteAndOpen(Sample(), one).ok());
  ASSERT_TRUE(WriteAndOpen(Sample(), two).ok());
  for (const std::string file : {"editorial.bin", "questions.lex", "questions.vec"})
    EXPECT_EQ(*ReadFile(one / file), *ReadFile(two / file)) << file;
}

TEST(EditorialTest, AFileThatIsCutShortIsRefused) {
  const TempFolder folder;
  ASSERT_TRUE(WriteAndOpen(Sample(), folder).ok());
  const std::string bytes = *ReadFile(folder / "editorial.bin");
  for (size_t size = 0; size < bytes.size(); size += 7) {
    const TempFolder cut;
    ASSERT_TRUE(WriteNewFile(cut / "editorial.bin", bytes.substr(0, size)).ok());
    EXPECT_FALSE(StoredEditorial::Open(cut.path()).ok()) << size;
  }
}

TEST(EditorialTest, AFlippedByteIsRefusedOrReadWithinBounds) {
  const TempFolder folder;
  ASSERT_TRUE(WriteAndOpen(Sample(), folder).ok());
  const std::string bytes = *ReadFile(folder / "editorial.bin");
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    ASSERT_TRUE(RemoveAll(folder / "editorial.bin").ok());
    ASSERT_TRUE(WriteNewFile(folder / "editorial.bin", changed).ok());
    const auto stored = StoredEditorial::Open(folder.path());
    // The manifest's checksum tells; what opens here must at least be safe to read.
    if (stored.ok()) {
      EXPECT_LE((*stored)->Load().questions.size(), 2u);
      EXPECT_LE((*stored)->FindSame("养犬登记要多少钱"), 2u);
    }
  }
}

TEST(EditorialTest, QuestionsWithoutTheirTermsAreDataLoss) {
  const TempFolder folder, other;
  ASSERT_TRUE(WriteAndOpen(Sample(), folder).ok());
  Editorial fewer = Sample();
  fewer.questions.pop_back();
  ASSERT_TRUE(WriteAndOpen(fewer, other).ok());
  ASSERT_TRUE(RemoveAll(folder / "questions.lex").ok());
  ASSERT_TRUE(LinkFile(other / "questions.lex", folder / "questions.lex").ok());
  const absl::Status status = StoredEditorial::Open(folder.path()).status();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("2 questions, terms of 1"));
}

TEST(EditorialTest, VersionOneOpensForEver) {
  const TempFolder folder;
  const std::string stored = POLICYKB_SOURCE_DIR "/tests/snapshot/testdata/editorial-v1.bin";
  ASSERT_TRUE(WriteNewFile(folder / "editorial.bin", *ReadFile(stored)).ok());
  const auto opened = StoredEditorial::Open(folder.path());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->Load(), Words());
}

}  // namespace
}  // namespace policykb
