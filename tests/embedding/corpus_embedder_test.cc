#include "core/embedding/corpus_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"

namespace policykb {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

std::string Folder(const std::string& name) {
  const std::string folder = JoinPath(testing::TempDir(), "corpus_embedder_" + name);
  EXPECT_TRUE(RemoveAll(folder).ok());
  EXPECT_TRUE(MakeFolders(folder).ok());
  return folder;
}

// Views of `passages`, which must outlive them.
std::vector<TrainingPassage> WithoutContext(const std::vector<std::string>& passages) {
  std::vector<TrainingPassage> parts;
  for (const std::string& passage : passages) parts.push_back({.context = "", .text = passage});
  return parts;
}

std::unique_ptr<Embedder> Trained(const std::vector<std::string>& passages, const std::string& name,
                                  const CorpusEmbedderOptions& options = {}) {
  const std::string folder = Folder(name);
  const absl::Status status = TrainCorpusEmbedder(WithoutContext(passages), options, folder, {});
  EXPECT_TRUE(status.ok()) << status;
  absl::StatusOr<std::unique_ptr<Embedder>> embedder = OpenCorpusEmbedder(folder);
  EXPECT_TRUE(embedder.ok()) << embedder.status();
  return embedder.ok() ? *std::move(embedder) : nullptr;
}

double Cosine(const Embedder& embedder, std::string_view a, std::string_view b) {
  const std::vector<float> u = *embedder.EmbedQuery(a);
  const std::vector<float> v = *embedder.EmbedQuery(b);
  double sum = 0;
  for (size_t i = 0; i < u.size(); ++i)
    sum += static_cast<double>(u[i]) * static_cast<double>(v[i]);
  return sum;
}

double Length(const Embedder& embedder, std::string_view text) {
  return std::sqrt(Cosine(embedder, text, text));
}

// Passages on six subjects, each in words of its own.
std::vector<std::string> SubjectPassages(size_t count) {
  const std::vector<std::vector<std::string>> subjects = {
      {"个体工商户", "登记", "营业执照", "市场监督管理部门", "经营者"},
      {"劳动合同", "用人单位", "劳动者", "工资", "试用期"},
      {"婚姻", "夫妻", "子女", "抚养", "离婚"},
      {"driver", "drivers", "driving licence", "licences", "vehicle", "vehicles", "roads", "road"},
      {"benefit", "benefits", "claim", "claims", "appeal", "appeals", "disability", "disabilities"},
      {"道路交通", "机动车", "驾驶证", "交通事故", "行人"}};
  std::mt19937 random(1);
  std::vector<std::string> passages;
  for (size_t i = 0; i < count; ++i) {
    const std::vector<std::string>& words = subjects[i % subjects.size()];
    std::string passage;
    for (int word = 0; word < 8; ++word) {
      passage += words[random() % words.size()];
      passage += word % 3 == 2 ? "，" : " ";
    }
    passages.push_back(passage + std::to_string(i));
  }
  return passages;
}

TEST(CorpusEmbedderTest, TextsOfOneSubjectAreNearerThanTextsOfTwo) {
  const auto embedder = Trained(SubjectPassages(600), "subjects");
  EXPECT_EQ(embedder->dimension() % 64, 0);
  EXPECT_GT(Cosine(*embedder, "夫妻离婚", "子女抚养"),
            Cosine(*embedder, "夫妻离婚", "用人单位工资") + 0.2);
  EXPECT_GT(Cosine(*embedder, "drivers on the road", "vehicle licences"),
            Cosine(*embedder, "drivers on the road", "benefit claims") + 0.2);
}

TEST(CorpusEmbedderTest, HeadingsAndTextsThatShareNoWordAreBroughtTogether) {
  // The heading's words stand in no text: only training on pairs can know that they belong.
  const std::vector<std::string> texts = SubjectPassages(600);
  const std::vector<std::string> headings = {"开店", "打工", "结婚", "cars", "welfare", "开车"};
  std::vector<TrainingPassage> parts;
  for (size_t i = 0; i < texts.size(); ++i)
    parts.push_back({.context = headings[i % headings.size()], .text = texts[i]});
  const std::string folder = Folder("headings");
  ASSERT_TRUE(TrainCorpusEmbedder(parts, {}, folder, {}).ok());
  const std::unique_ptr<Embedder> embedder = *OpenCorpusEmbedder(folder);
  EXPECT_GT(Cosine(*embedder, "打工", "用人单位和劳动者"),
            Cosine(*embedder, "打工", "夫妻和子女") + 0.2);
  EXPECT_GT(Cosine(*embedder, "welfare", "appeal a claim"),
            Cosine(*embedder, "welfare", "licences of vehicles") + 0.2);
}

TEST(CorpusEmbedderTest, VectorsAreOfUnitLengthOrZero) {
  const auto embedder = Trained(SubjectPassages(300), "length");
  EXPECT_NEAR(Length(*embedder, "营业执照 and a vehicle"), 1, 1e-5);
  EXPECT_THAT(*embedder->EmbedQuery(""), Each(0.0F));
  EXPECT_THAT(*embedder->EmbedQuery("，。！ \n"), Each(0.0F));
  EXPECT_THAT(*embedder->EmbedQuery("鼉龘"), Each(0.0F));
}

TEST(CorpusEmbedderTest, PassagesAndQueriesAreSeenAlike) {
  const std::vector<std::string> passages = SubjectPassages(300);
  const auto embedder = Trained(passages, "alike");
  const size_t d = static_cast<size_t>(embedder->dimension());
  const std::vector<std::string_view> views(passages.begin(), passages.end());
  const std::vector<float> together = *embedder->EmbedPassages(views);
  ASSERT_EQ(together.size(), 300 * d);
  for (size_t i = 0; i < 300; i += 37) {
    const std::vector<float> alone = *embedder->EmbedQuery(passages[i]);
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(),
                           together.begin() + static_cast<std::ptrdiff_t>(i * d)));
  }
  // Width and case do not count.
  EXPECT_NEAR(Cosine(*embedder, "ＶＥＨＩＣＬＥ", "vehicle"), 1, 1e-5);
}

TEST(CorpusEmbedderTest, SmallCorporaOfEveryKindCanBeTrainedOn) {
  const std::vector<std::vector<std::string>> corpora = {
      {"第一条"},
      {"a"},
      {"1"},
      {"、1。", "", "。"},
      {"为了规范。", "制定本法。", "x"},
      {"the cat", "sat on", "the mat"},
      {"ئۇيغۇر تىلى"},
      {std::string(5000, 'a')},
      {std::string("a\0b\xFF\xE4\xB8", 6), "条"},
      std::vector<std::string>(500, "个体工商户可以个人经营，也可以家庭经营。"),
      std::vector<std::string>(500, "A person may appeal."),
      {"\xE2\x96\x81\xE2\x96\x81 <unk> <s> </s>", "\xE2\x96\x81 1"}};
  for (size_t i = 0; i < corpora.size(); ++i) {
    SCOPED_TRACE(i);
    const auto embedder = Trained(corpora[i], "small");
    ASSERT_NE(embedder, nullptr);
    EXPECT_GE(embedder->dimension(), 64);
    EXPECT_EQ(embedder->dimension() % 64, 0);
    EXPECT_NEAR(Length(*embedder, corpora[i][0]), 1, 1e-5);
  }
}

TEST(CorpusEmbedderTest, OddShortTextsNeverStopTheTrainer) {
  // Short texts over a small set of awkward characters: SentencePiece must neither refuse nor end
  // the process.
  const std::vector<std::string> characters = {
      "a", "b", " ", "1", ".", "é", "ก", "条", "\xF0\x9F\x98\x80", "ß", "ا", "-"};
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::string> passages = {"z"};
    const size_t count = random() % 6;
    for (size_t i = 0; i < count; ++i) {
      std::string passage;
      const size_t length = random() % 12;
      for (size_t j = 0; j < length; ++j) passage += characters[random() % characters.size()];
      passages.push_back(passage);
    }
    ASSERT_NE(Trained(passages, "odd"), nullptr);
  }
}

TEST(CorpusEmbedderTest, ASmallVocabularyIsEnough) {
  const auto embedder =
      Trained(SubjectPassages(600), "vocabulary", {.vocabulary = 5, .han_keys = 3});
  ASSERT_NE(embedder, nullptr);
  EXPECT_NEAR(Length(*embedder, "vehicle"), 1, 1e-5);
}

TEST(CorpusEmbedderTest, RefusesNoTextAndBadOptions) {
  const std::string folder = Folder("refused");
  EXPECT_EQ(TrainCorpusEmbedder(WithoutContext({"", "，。", " \n"}), {}, folder, {}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TrainCorpusEmbedder({}, {}, folder, {}).code(), absl::StatusCode::kInvalidArgument);
  const std::vector<TrainingPassage> one = {{.context = "", .text = "第一条"}};
  EXPECT_EQ(TrainCorpusEmbedder(one, {.dimension = 100}, folder, {}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(TrainCorpusEmbedder(one, {}, JoinPath(folder, "absent"), {}).code(),
            absl::StatusCode::kNotFound);
}

TEST(CorpusEmbedderTest, TheSamePassagesGiveTheSameBytesAndOthersAnotherFingerprint) {
  const std::vector<std::string> passages = SubjectPassages(700);
  const auto once = Trained(passages, "once");
  const auto twice = Trained(passages, "twice");
  EXPECT_EQ(once->fingerprint(), twice->fingerprint());
  for (const std::string_view name : {kCorpusEmbedderPieces, kCorpusEmbedderTable}) {
    EXPECT_EQ(*ReadFile(JoinPath(JoinPath(testing::TempDir(), "corpus_embedder_once"), name)),
              *ReadFile(JoinPath(JoinPath(testing::TempDir(), "corpus_embedder_twice"), name)));
  }
  EXPECT_NE(once->fingerprint(), Trained(SubjectPassages(701), "other")->fingerprint());
}

TEST(CorpusEmbedderTest, ProgressRisesToOne) {
  const std::vector<std::string> passages = SubjectPassages(50);
  std::vector<double> seen;
  const auto see = [&seen](double fraction) { seen.push_back(fraction); };
  ASSERT_TRUE(TrainCorpusEmbedder(WithoutContext(passages), {}, Folder("progress"), see).ok());
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(seen.back(), 1.0);
}

TEST(CorpusEmbedderTest, EveryFlippedByteAndEveryTruncationIsDataLoss) {
  ASSERT_NE(Trained({"the cat sat on 第一条", "the mat 第二条"}, "corrupt"), nullptr);
  const std::string folder = JoinPath(testing::TempDir(), "corpus_embedder_corrupt");
  for (const std::string_view name : {kCorpusEmbedderPieces, kCorpusEmbedderTable}) {
    const std::string path = JoinPath(folder, name);
    const std::string good = *ReadFile(path);
    const auto expect_data_loss = [&](std::string_view bytes, size_t at) {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
      const absl::Status status = OpenCorpusEmbedder(folder).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << name << " at " << at;
      EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(name)));
    };
    const size_t step = name == kCorpusEmbedderPieces ? 97 : 1;
    for (size_t i = 0; i < good.size(); i += step) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ 0x10);
      expect_data_loss(bad, i);
    }
    for (size_t size = 0; size < good.size(); size += 1 + good.size() / 100) {
      expect_data_loss(std::string_view(good).substr(0, size), size);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << good;
    EXPECT_TRUE(OpenCorpusEmbedder(folder).ok());
  }
}

TEST(CorpusEmbedderTest, APieceModelOfAnotherCorpusDoesNotFit) {
  ASSERT_NE(Trained(SubjectPassages(50), "mixed"), nullptr);
  ASSERT_NE(Trained({"the cat", "sat on"}, "mixed_other"), nullptr);
  const std::string folder = JoinPath(testing::TempDir(), "corpus_embedder_mixed");
  const std::string other = JoinPath(testing::TempDir(), "corpus_embedder_mixed_other");
  ASSERT_TRUE(WriteFileAtomically(JoinPath(folder, kCorpusEmbedderPieces),
                                  *ReadFile(JoinPath(other, kCorpusEmbedderPieces)))
                  .ok());
  EXPECT_EQ(OpenCorpusEmbedder(folder).status().code(), absl::StatusCode::kDataLoss);
  ASSERT_TRUE(RemoveAll(JoinPath(folder, kCorpusEmbedderPieces)).ok());
  EXPECT_EQ(OpenCorpusEmbedder(folder).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
