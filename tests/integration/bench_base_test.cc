// Bases that are made to be measured: by policykb-indexer, from the sample corpus.

#include "tools/bench_base.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"
#include "tools/retriever_access.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

TEST(BenchBaseTest, HoldsAboutAsManyPassagesAsWereAskedFor) {
  const TempFolder folder;
  const auto base = MakeBenchBase({.from = {POLICYKB_SOURCE_DIR "/data/corpus"},
                                   .folder = folder / "made",
                                   .passages = 1500,
                                   .indexer = POLICYKB_INDEXER});
  ASSERT_TRUE(base.ok()) << base.status();
  EXPECT_GT(base->build_seconds, 0);
  EXPECT_GT(base->kb_bytes, 0u);
  const auto searcher = OpenSearcher(base->kb);
  ASSERT_TRUE(searcher.ok()) << searcher.status();
  // Articles are counted; the guides of this corpus have passages without an article.
  EXPECT_GE((*searcher)->snapshot().manifest().passages, 1500u);
  EXPECT_LE((*searcher)->snapshot().manifest().passages, 3000u);
}

TEST(BenchBaseTest, AFolderThatIsInUseAndAnIndexerThatIsMissingAreNamed) {
  const TempFolder folder;
  ASSERT_TRUE(MakeFolders(folder / "made/corpus").ok());
  ASSERT_TRUE(WriteNewFile(folder / "made/corpus/a.md", "x").ok());
  const absl::Status in_use = MakeBenchBase({.from = {POLICYKB_SOURCE_DIR "/data/corpus"},
                                             .folder = folder / "made",
                                             .passages = 10,
                                             .indexer = POLICYKB_INDEXER})
                                  .status();
  EXPECT_TRUE(absl::IsFailedPrecondition(in_use)) << in_use;
  const absl::Status missing = MakeBenchBase({.from = {POLICYKB_SOURCE_DIR "/data/corpus"},
                                              .folder = folder / "other",
                                              .passages = 10,
                                              .indexer = folder / "no-indexer"})
                                   .status();
  EXPECT_TRUE(absl::IsFailedPrecondition(missing)) << missing;
  EXPECT_THAT(std::string(missing.message()), HasSubstr("no-indexer"));
}

}  // namespace
}  // namespace policykb
