#include "retriever/live_snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/strings.h"
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

TEST(LiveSnapshotTest, ReadsWhatCannotBeOpenedAgainOnlyAfterAPause) {
  SampleBase base;
  const auto live = LiveSnapshot::Open(base.kb());
  ASSERT_TRUE(live.ok());
  const std::string before = (*live)->Get()->Info({}).id;
  ASSERT_TRUE(Build(base.Options(), nullptr).ok());
  const std::string current = *ReadFile(base.kb() + "/CURRENT");
  const std::string manifest =
      Cat(base.kb(), "/snapshots/", current.substr(0, current.find(' ')), "/MANIFEST.json");
  const std::string good = *ReadFile(manifest);
  ASSERT_TRUE(WriteFileAtomically(manifest, good + " ").ok());
  const absl::Time now = absl::FromUnixSeconds(1700000000);
  EXPECT_EQ((*live)->Refresh(now).status().code(), absl::StatusCode::kDataLoss);
  // It is whole again, but looked at only after a second.
  ASSERT_TRUE(WriteFileAtomically(manifest, good).ok());
  EXPECT_EQ((*live)->Refresh(now + absl::Milliseconds(900)).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ((*live)->Get()->Info({}).id, before);
  EXPECT_TRUE(*(*live)->Refresh(now + absl::Seconds(1)));
  EXPECT_NE((*live)->Get()->Info({}).id, before);
}

TEST(LiveSnapshotTest, GoesOverAtOnceWhenCurrentNamesAnother) {
  SampleBase base;
  const auto live = LiveSnapshot::Open(base.kb());
  ASSERT_TRUE(live.ok());
  ASSERT_TRUE(Build(base.Options(), nullptr).ok());
  const std::string file = base.kb() + "/CURRENT";
  const std::string current = *ReadFile(file);
  const absl::Time now = absl::FromUnixSeconds(1700000000);
  ASSERT_TRUE(WriteFileAtomically(file, "missing 0123456789abcdef\n").ok());
  EXPECT_FALSE((*live)->Refresh(now).ok());
  ASSERT_TRUE(WriteFileAtomically(file, current).ok());
  EXPECT_TRUE(*(*live)->Refresh(now));
}

}  // namespace
}  // namespace policykb
