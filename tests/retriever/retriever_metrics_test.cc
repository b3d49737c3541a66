#include "retriever/retriever_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SnapshotInfo Published(const std::string& id) {
  SnapshotInfo snapshot;
  snapshot.id = id;
  snapshot.published_at = "2023-11-14T22:13:10+00:00";
  return snapshot;
}

TEST(RetrieverMetricsTest, SearchesAreCountedByStageAndTheTimeTheyWaited) {
  const auto metrics = RetrieverMetrics::Serve("");
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  StageTimes times{};
  times[static_cast<size_t>(Stage::kDense)] = absl::Microseconds(300);
  metrics->SearchEnded(times);
  metrics->CallEnded({.method = "Search",
                      .role = "service",
                      .took = absl::Milliseconds(1),
                      .waited = absl::Microseconds(80)});
  metrics->CallEnded({.method = "GetSnapshot", .status = absl::PermissionDeniedError("no")});
  const std::string text = metrics->all().Text();
  for (const char* line :
       {"policykb_search_stage_seconds_bucket{stage=\"dense\",le=\"0.0002\"} 0\n",
        "policykb_search_stage_seconds_bucket{stage=\"dense\",le=\"0.0005\"} 1\n",
        "policykb_queue_wait_seconds_bucket{method=\"Search\",le=\"0.0001\"} 1\n",
        "policykb_calls_total{code=\"OK\",method=\"Search\",role=\"service\"} 1\n",
        "policykb_calls_refused_total{method=\"GetSnapshot\",reason=\"PERMISSION_DENIED\"} 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(RetrieverMetricsTest, ASnapshotIsKnownByIdAndTimesAndWhyAnotherWasRefused) {
  const auto metrics = RetrieverMetrics::Serve("");
  const absl::Time now = absl::FromUnixMillis(1700000000500);
  metrics->SnapshotLive(Published("a"), now);
  metrics->SnapshotRefused(absl::DataLossError("checksum"));
  std::string text = metrics->all().Text();
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_info{id=\"a\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_published_timestamp_seconds 1699999990\n"));
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_live_timestamp_seconds 1700000000.5\n"));
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_refused 1\n"));
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_reload_failures_total{code=\"DATA_LOSS\"} 1\n"));
  metrics->SnapshotLive(Published("b"), now);
  text = metrics->all().Text();
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_info{id=\"b\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("id=\"a\"")));
  EXPECT_THAT(text, HasSubstr("policykb_snapshot_refused 0\n"));
}

}  // namespace
}  // namespace policykb
