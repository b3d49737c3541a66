// Snapshots with embedders that are not trained here: built, updated, opened, interrupted.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "core/snapshot/snapshot.h"
#include "indexer/embedder_selftest.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/model_files.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class EmbedderChoiceTest : public testing::Test {
 protected:
  EmbedderChoiceTest() { WriteRandomModel({}, model_.path()); }

  BuildOptions Options() const {
    BuildOptions options = base_.Options();
    options.embedder_choice.kind = EmbedderKind::kTransformer;
    options.embedder_choice.model = model_.path();
    options.embedder_choice.transformer.precision = Precision::kF32;
    return options;
  }
  BuildReport BuildWith(const BuildOptions& options) const {
    const auto report = Build(options, nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : BuildReport();
  }
  std::shared_ptr<const Snapshot> Open() const {
    const auto snapshot = Snapshot::OpenCurrent(base_.kb());
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return snapshot.ok() ? *snapshot : nullptr;
  }

  SampleBase base_;
  TempFolder model_;
};

TEST_F(EmbedderChoiceTest, ASnapshotOpensWithTheModelItWasBuiltWith) {
  const BuildReport report = BuildWith(Options());
  EXPECT_EQ(report.embedded, report.passages);
  const auto expected = PrepareEmbedder(Options().embedder_choice);
  ASSERT_TRUE(expected.ok());
  // Nothing that happens to the folder of the model changes it.
  ASSERT_TRUE(RemoveAll(model_.path()).ok());
  const auto snapshot = Open();
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(snapshot->manifest().embedder_fingerprint, expected->embedder->fingerprint());
  EXPECT_EQ(*snapshot->embedder().EmbedQuery("养犬"), *expected->embedder->EmbedQuery("养犬"));
  EXPECT_TRUE(snapshot->Verify().ok());
  const LocalSearcher searcher(snapshot, {});
  const auto result = searcher.Search(
      {.text = "养犬登记", .k = 3, .as_of = *CivilDate::Parse("2026-01-01"), .filter = {}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->hits.empty());
}

TEST_F(EmbedderChoiceTest, AnUpdateEmbedsWithTheSameModel) {
  BuildWith(Options());
  ASSERT_TRUE(RemoveAll(model_.path()).ok());
  ASSERT_TRUE(WriteFileAtomically(JoinPath(Options().corpus, "power.md"),
                                  "# 用电指南\n\n## 收费\n\n电费每度五角。\n")
                  .ok());
  const auto report = Update({.corpus = Options().corpus, .kb = base_.kb()}, nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->change.added, 1U);
  EXPECT_GT(report->change.embedded, 0U);
  EXPECT_TRUE(Open()->Verify().ok());
}

TEST_F(EmbedderChoiceTest, AnotherModelInItsPlaceIsRefusedWithBothFingerprints) {
  const BuildReport report = BuildWith(Options());
  const std::string built = Open()->manifest().embedder_fingerprint;
  const std::string weights =
      JoinPath(base_.kb(), Cat("snapshots/", report.snapshot, "/embedder/model.safetensors"));
  const std::string other = EncodeSafetensors(RandomTensors({.seed = 99}));
  ASSERT_TRUE(WriteFileAtomically(weights, other).ok());
  const absl::Status status = Snapshot::OpenCurrent(base_.kb()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(Cat("the snapshot was built with ", built)));
  EXPECT_THAT(std::string(status.message()), HasSubstr("this program has "));
}

TEST_F(EmbedderChoiceTest, ABuildWithTheModelOfTheLiveSnapshotTakesVectorsAndFilesOver) {
  const BuildReport first = BuildWith(Options());
  const BuildReport second = BuildWith(Options());
  EXPECT_EQ(second.embedded, 0U);
  EXPECT_EQ(second.reused, second.passages);
  EXPECT_EQ(second.content_digest, first.content_digest);
  const auto weights = [&](const BuildReport& report) {
    return JoinPath(base_.kb(), Cat("snapshots/", report.snapshot, "/embedder/model.safetensors"));
  };
  EXPECT_TRUE(IsSameFile(weights(first), weights(second)));
  EXPECT_FALSE(IsSameFile(weights(first), model_ / "model.safetensors"));
}

TEST_F(EmbedderChoiceTest, AModelThatCannotBeOpenedLeavesTheLiveSnapshot) {
  const std::string before = Open()->manifest().id;
  ASSERT_TRUE(WriteFileAtomically(model_ / "model.safetensors", "short").ok());
  const absl::Status status = Build(Options(), nullptr).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("model.safetensors: file of 5 bytes"));
  EXPECT_EQ(Open()->manifest().id, before);
}

TEST_F(EmbedderChoiceTest, TextsLongerThanTheModelReadsAreCounted) {
  BuildOptions options = Options();
  options.embedder_choice.transformer.most_tokens = 8;
  const BuildReport report = BuildWith(options);
  EXPECT_GT(report.cut, 0U);
  EXPECT_LE(report.cut, report.passages);
}

// Vectors of 64 components for `count` texts.
FakeReply Vectors(size_t count) {
  std::string body = R"({"data":[)";
  for (size_t i = 0; i < count; ++i) {
    body += Cat(i > 0 ? "," : "", R"({"index":)", i, R"(,"embedding":[1)");
    for (int c = 1; c < 64; ++c) body += ",0.5";
    body += "]}";
  }
  return {.content_type = "application/json", .pieces = {body + "]}"}};
}

TEST_F(EmbedderChoiceTest, ABuildThatTheServerEndsPublishesNothingAndGoesOnWhereItWas) {
  // 160 documents of one passage: 128 are embedded together, in requests of 32 texts.
  std::map<std::string, std::string> files;
  for (int i = 0; i < 160; ++i)
    files[Cat("d", i, ".md")] = Cat("# 文件", i, "\n\n第一条 第", i, "号内容。\n");
  const SampleBase base(files);
  const std::string before = (*Snapshot::OpenCurrent(base.kb()))->manifest().id;
  FakeChatServer server;
  BuildOptions options = base.Options();
  options.embedder_choice.kind = EmbedderKind::kHttp;
  options.embedder_choice.model = "m";
  options.embedder_choice.url = server.url();
  server.Enqueue(Vectors(1));  // asks the dimension
  for (int i = 0; i < 4; ++i) server.Enqueue(Vectors(32));
  server.SetDefault(FakeError(401, R"({"error":"key expired"})"));
  const absl::Status status = Build(options, nullptr).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("key expired"));
  EXPECT_EQ((*Snapshot::OpenCurrent(base.kb()))->manifest().id, before);

  server.Enqueue(Vectors(1));
  server.Enqueue(Vectors(32));
  const absl::StatusOr<BuildReport> report = Build(options, nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->reused, 128U);
  EXPECT_EQ(report->embedded, 32U);
  EXPECT_TRUE((*Snapshot::OpenCurrent(base.kb()))->Verify().ok());
}

TEST(EmbedderSelftestTest, ARandomModelPasses) {
  const TempFolder folder;
  WriteRandomModel({}, folder.path());
  const auto report = RunEmbedderSelftest(folder.path(), {}, absl::ZeroDuration());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->precisions.empty());
  EXPECT_EQ(report->precisions[0].precision, Precision::kF32);
  EXPECT_TRUE(report->precisions[0].passed);
  EXPECT_GT(report->unknown_tokens, 0U);
  EXPECT_THAT(FormatSelftestReport(*report), HasSubstr("bert, 2 layers, hidden 64"));
}

}  // namespace
}  // namespace policykb
