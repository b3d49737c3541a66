// Updates and compactions keep to the kind of vector index that the build was asked for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/snapshot.h"
#include "indexer/maintenance.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

void ExpectFlat(const std::string& kb, size_t segments, uint64_t documents) {
  const auto snapshot = Snapshot::OpenCurrent(kb);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ((*snapshot)->manifest().vector_index, "Flat");
  EXPECT_EQ((*snapshot)->manifest().vector_index_from, 1u);
  EXPECT_EQ((*snapshot)->manifest().documents, documents);
  ASSERT_EQ((*snapshot)->segments().size(), segments);
  for (const auto& segment : (*snapshot)->segments())
    EXPECT_EQ(segment->vectors().factory(), "Flat");
  EXPECT_TRUE((*snapshot)->Verify().ok());
}

TEST(KeptVectorIndexTest, UpdatesAndCompactionsBuildTheKindOfTheBuild) {
  const SampleBase base;
  BuildOptions options = base.Options();
  options.vector_index = "Flat";
  options.vector_index_from = 1;
  ASSERT_TRUE(Build(options, nullptr).ok());
  ExpectFlat(base.kb(), 1, 4);
  ASSERT_TRUE(WriteNewFile(base.folder() / "corpus/cats.md",
                           "# 甲县养猫管理办法\n\n第一条 养猫不需要登记。\n")
                  .ok());
  UpdateOptions update;
  update.corpus = options.corpus;
  update.kb = options.kb;
  ASSERT_TRUE(Update(update, nullptr).ok());
  ExpectFlat(base.kb(), 2, 5);
  ASSERT_TRUE(Compact(base.kb(), Publish::kNow, nullptr).ok());
  ExpectFlat(base.kb(), 1, 5);
}

}  // namespace
}  // namespace policykb
