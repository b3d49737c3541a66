#include "indexer/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot.h"
#include "tests/testing/sample_base.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::Field;
using ::testing::HasSubstr;

TEST(BuildTest, PublishesASnapshotThatOpensAndVerifies) {
  const SampleBase base;
  const absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = Snapshot::OpenCurrent(base.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->manifest().documents, 4u);
  EXPECT_EQ((*snapshot)->manifest().id, base.report().snapshot);
  EXPECT_TRUE((*snapshot)->Verify().ok());
}

TEST(BuildTest, EqualContentHasEqualDigests) {
  const SampleBase first;
  const SampleBase second;
  EXPECT_EQ(first.report().content_digest, second.report().content_digest);
  std::map<std::string, std::string> changed = SampleFiles();
  changed["water.md"] += "\n";
  EXPECT_EQ(SampleBase(changed).report().content_digest, first.report().content_digest)
      << "a blank line is no content";
  changed["water.md"] += "\n## 咨询电话\n\n555-0100\n";
  EXPECT_NE(SampleBase(changed).report().content_digest, first.report().content_digest);
}

// A build of the sample files, two passages in memory at a time and an index for any vectors.
BuildOptions InSmallSegments(const SampleBase& base, uint64_t merged_passages) {
  BuildOptions options = base.Options();
  options.segment_passages = 2;
  options.merged_passages = merged_passages;
  options.vector_index_from = 1;
  return options;
}

TEST(BuildTest, SegmentsOfOneBuildBecomeOneWithOneGraph) {
  const SampleBase base;
  const auto report = Build(InSmallSegments(base, 1000), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->content_digest, base.report().content_digest);
  const auto snapshot = Snapshot::OpenCurrent(base.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  ASSERT_EQ((*snapshot)->segments().size(), 1u);
  EXPECT_EQ((*snapshot)->segments()[0]->columns().passages(), 8u);
  EXPECT_TRUE((*snapshot)->segments()[0]->vectors().has_graph());
  EXPECT_TRUE((*snapshot)->Verify().ok());
  // That of the first build and this one: what was merged is gone.
  EXPECT_EQ(ListNames(JoinPath(base.kb(), kSegmentsFolder))->size(), 2u);
}

TEST(BuildTest, SegmentsAreMergedUpToTheGivenSizeAndEachHasItsGraph) {
  const SampleBase base;
  ASSERT_TRUE(Build(InSmallSegments(base, 5), nullptr).ok());
  const auto snapshot = Snapshot::OpenCurrent(base.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_GE((*snapshot)->segments().size(), 2u);
  uint32_t passages = 0;
  for (const auto& segment : (*snapshot)->segments()) {
    EXPECT_LE(segment->columns().passages(), 5u);
    EXPECT_TRUE(segment->vectors().has_graph());
    passages += segment->columns().passages();
  }
  EXPECT_EQ(passages, 8u);
}

TEST(BuildTest, AVectorIndexThatFaissDoesNotKnowIsRefusedBeforeAnythingIsRead) {
  const SampleBase base;
  BuildOptions options = base.Options();
  options.vector_index = "IVF0,Nothing";
  size_t told = 0;
  const absl::Status status =
      Build(options, [&told](std::string_view, double) { ++told; }).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(told, 0u);
  EXPECT_THAT(std::string(status.message()), HasSubstr("IVF0,Nothing"));
}

TEST(BuildTest, AFlippedByteInAnyFileOfASegmentIsDataLossOnOpening) {
  const SampleBase base;
  for (const char* const vector_index : {"", "Flat"}) {
    BuildOptions options = InSmallSegments(base, 1000);
    options.vector_index = vector_index;
    ASSERT_TRUE(Build(options, nullptr).ok());
    const auto current = ReadCurrent(base.kb());
    ASSERT_TRUE(current.ok()) << current.status();
    const auto manifest = ReadManifest(base.kb(), current->snapshot, current->manifest_xxh3);
    ASSERT_TRUE(manifest.ok()) << manifest.status();
    const SegmentEntry& entry = manifest->segments[0];
    ASSERT_TRUE(Segment::Open(base.kb(), entry, {}).ok());
    ASSERT_EQ(entry.files.size(), 4u);
    for (const FileEntry& file : entry.files) {
      const std::string path = JoinPath(base.kb(), file.path);
      const std::string good = *ReadFile(path);
      for (size_t at = 0; at < good.size(); at += 5) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        WriteUnsynced(path, bad);
        const absl::Status status = Segment::Open(base.kb(), entry, {}).status();
        ASSERT_TRUE(absl::IsDataLoss(status)) << file.path << " byte " << at << ": " << status;
        ASSERT_THAT(std::string(status.message()), HasSubstr(file.path));
      }
      WriteUnsynced(path, good);
    }
  }
}

TEST(BuildTest, ReportsFilesItCannotUseAndGoesOn) {
  std::map<std::string, std::string> files = SampleFiles();
  files["broken.md"] = "# 标题\n\n\xff\xfe";
  files["picture.png"] = "PNG";
  files["empty.md"] = "";
  files["twin.md"] = files["water.md"];
  const SampleBase base(files);
  EXPECT_EQ(base.report().documents, 4u);
  EXPECT_THAT(base.report().corpus.unread,
              testing::ElementsAre(Field(&FileProblem::path, "picture.png")));
  EXPECT_THAT(base.report().corpus.skipped,
              testing::UnorderedElementsAre(
                  Field(&FileProblem::path, "broken.md"), Field(&FileProblem::path, "empty.md"),
                  Field(&FileProblem::reason, HasSubstr("water is already taken by"))));
}

TEST(BuildTest, AnEmptyOrMissingCorpusPublishesNothing) {
  const SampleBase base;
  BuildOptions options = base.Options();
  options.corpus = base.folder() / "nowhere";
  absl::Status status = Build(options, nullptr).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(options.corpus));
  ASSERT_TRUE(MakeFolders(options.corpus).ok());
  status = Build(options, nullptr).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no document in 0 files"));
  EXPECT_EQ(ReadCurrent(base.kb())->snapshot, base.report().snapshot);
}

TEST(BuildTest, ASecondIndexerIsRefused) {
  const SampleBase base;
  const auto lock = KnowledgeBaseLock::Acquire(base.kb());
  ASSERT_TRUE(lock.ok());
  const absl::Status status = Build(base.Options(), nullptr).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("one indexer at a time"));
}

TEST(BuildTest, TellsItsProgressInOrder) {
  const SampleBase base;
  std::vector<std::string> stages;
  double last = 0;
  const auto report = Build(base.Options(), [&](std::string_view stage, double fraction) {
    if (stages.empty() || stages.back() != stage) {
      stages.emplace_back(stage);
      last = 0;
    }
    EXPECT_GE(fraction, last);
    EXPECT_LE(fraction, 1);
    last = fraction;
  });
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(stages, testing::ElementsAre("read", "train embedder", "index", "write segment",
                                           "write snapshot"));
  EXPECT_EQ(report->stage_seconds.size(), stages.size());
}

TEST(SnapshotTest, AFlippedByteInASegmentIsDataLossAtOpen) {
  const SampleBase base;
  const Manifest manifest = *ReadManifest(base.kb(), base.report().snapshot, "");
  for (const FileEntry& file : manifest.segments[0].files) {
    const std::string path = JoinPath(base.kb(), file.path);
    const std::string bytes = *ReadFile(path);
    std::string flipped = bytes;
    flipped[bytes.size() / 2] = static_cast<char>(~flipped[bytes.size() / 2]);
    ASSERT_TRUE(WriteNewFile(path, flipped).ok());
    const absl::Status status = Snapshot::OpenCurrent(base.kb()).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << file.path << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(file.path));
    ASSERT_TRUE(WriteNewFile(path, bytes).ok());
  }
  EXPECT_TRUE(Snapshot::OpenCurrent(base.kb()).ok());
}

TEST(SnapshotTest, AnotherEmbedderThanItWasBuiltWithIsRefusedNamingBoth) {
  const SampleBase base;
  const std::string folder = base.kb() + "/snapshots/" + base.report().snapshot;
  Manifest manifest = *ReadManifest(base.kb(), base.report().snapshot, "");
  const std::string built_with = manifest.embedder_fingerprint;
  manifest.embedder_fingerprint = "another-embedder";
  ASSERT_TRUE(WriteNewFile(folder + "/MANIFEST.json", EncodeManifest(manifest)).ok());
  const absl::Status status = Snapshot::Open(base.kb(), base.report().snapshot, "").status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("another-embedder"));
  EXPECT_THAT(std::string(status.message()), HasSubstr(built_with));
}

}  // namespace
}  // namespace policykb
