#include "retriever/live_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

TEST(LiveSnapshotTest, GoesOverToANewSnapshotAndKeepsTheOldForThoseWhoHoldIt) {
  SampleBase base;
  const auto live = LiveSnapshot::Open(base.kb());
  ASSERT_TRUE(live.ok()) << live.status();
  const std::shared_ptr<const Searcher> old = (*live)->Get();
  EXPECT_FALSE(*(*live)->Refresh());
  ASSERT_TRUE(Build(base.Options(), nullptr).ok());
  EXPECT_TRUE(*(*live)->Refresh());
  EXPECT_NE((*live)->Get()->Info({}).id, old->Info({}).id);
  SearchQuery query;
  query.text = "养犬登记";
  query.as_of = *CivilDate::FromYmd(2026, 1, 1);
  EXPECT_FALSE(old->Search(query)->hits.empty());
}

TEST(LiveSnapshotTest, ServesTheOldOneWhileTheNewOneCannotBeOpened) {
  SampleBase base;
  const auto live = LiveSnapshot::Open(base.kb());
  ASSERT_TRUE(live.ok());
  const std::string before = (*live)->Get()->Info({}).id;
  ASSERT_TRUE(WriteNewFile(base.kb() + "/CURRENT", "missing 0123456789abcdef\n").ok());
  EXPECT_FALSE((*live)->Refresh().ok());
  EXPECT_EQ((*live)->Get()->Info({}).id, before);
}

}  // namespace
}  // namespace policykb
