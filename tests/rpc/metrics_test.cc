#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/rpc/metrics_server.h"
#include "tests/testing/http_get.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<MetricSpec, 4> kSpecs = {{
    {"test_calls_total", MetricKind::kCounter, "Calls."},
    {"test_level", MetricKind::kGauge, "A level."},
    {"test_seconds", MetricKind::kSeconds, "Durations."},
    {"test_watched", MetricKind::kGauge, "Read when someone looks."},
}};

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() {
    auto server = MetricsServer::Serve(&metrics_, "127.0.0.1:0");
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  std::string Text() const { return HttpGet(server_->address(), "/metrics"); }

  Metrics metrics_{kSpecs};
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(MetricsTest, CountersAddUpByTheirLabels) {
  metrics_.Add("test_calls_total", {{"code", "OK"}});
  metrics_.Add("test_calls_total", {{"code", "OK"}}, 2);
  metrics_.Add("test_calls_total", {{"code", "NOT_FOUND"}});
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("# HELP test_calls_total Calls.\n# TYPE test_calls_total counter\n"));
  EXPECT_THAT(text, HasSubstr("test_calls_total{code=\"OK\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_calls_total{code=\"NOT_FOUND\"} 1\n"));
}

TEST_F(MetricsTest, DurationsAreCountedInRanges) {
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Milliseconds(3));
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Seconds(60));
  const std::string text = Text();
  // Cumulative: 3 ms are not within 2 ms, but within 5; a minute is within none but infinity.
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"0.002\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"30\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"+Inf\"} 2\n"));
}

TEST_F(MetricsTest, ALevelHasTheLabelsItWasSetWithLast) {
  metrics_.Set("test_level", {{"id", "a"}}, 1);
  metrics_.Set("test_level", {{"id", "b"}}, 2);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_level{id=\"b\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("id=\"a\"")));
}

TEST_F(MetricsTest, AWatchedLevelIsReadWhenSomeoneLooks) {
  double value = 1;
  metrics_.Watch("test_watched", {{"queue", "a"}}, [&value] { return value; });
  metrics_.Watch("test_watched", {{"queue", "b"}}, [] { return 3; });
  EXPECT_THAT(Text(), HasSubstr("# TYPE test_watched gauge\ntest_watched{queue=\"a\"} 1\n"
                                "test_watched{queue=\"b\"} 3\n"));
  value = 7;
  EXPECT_THAT(Text(), HasSubstr("test_watched{queue=\"a\"} 7\n"));
}

TEST_F(MetricsTest, AnObserverCountsAsObserveDoes) {
  metrics_.Observer("test_seconds", {{"method", "Search"}})(absl::Milliseconds(3));
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Milliseconds(3));
  EXPECT_THAT(Text(), HasSubstr("test_seconds_count{method=\"Search\"} 2\n"));
}

TEST_F(MetricsTest, SamplesAreWhatThePageSays) {
  metrics_.Add("test_calls_total", {{"code", "OK"}}, 3);
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Microseconds(30));
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Milliseconds(3));
  metrics_.Observe("test_seconds", {{"method", "Search"}}, absl::Seconds(60));
  const std::vector<MetricSample> samples = metrics_.Samples();
  ASSERT_EQ(samples.size(), 2U);
  EXPECT_EQ(samples[0].name, "test_calls_total");
  EXPECT_EQ(samples[0].labels.at("code"), "OK");
  EXPECT_EQ(samples[0].value, 3);
  ASSERT_TRUE(samples[1].durations.has_value());
  const DurationRanges& durations = *samples[1].durations;
  // Not cumulative: one up to 50 us, one of more than 2 and up to 5 ms, one beyond half a minute.
  ASSERT_EQ(durations.counts.size(), durations.bounds.size() + 1);
  EXPECT_EQ(durations.bounds.front(), .00005);
  EXPECT_EQ(durations.counts.front(), 1);
  EXPECT_EQ(durations.counts.back(), 1);
  int64_t all = 0;
  for (size_t i = 0; i < durations.counts.size(); ++i) {
    all += durations.counts[i];
    if (i < durations.bounds.size() && durations.bounds[i] == .005) {
      EXPECT_EQ(durations.counts[i], 1);
    }
  }
  EXPECT_EQ(all, 3);
  EXPECT_NEAR(durations.sum, 60.00303, 1e-9);
}

TEST_F(MetricsTest, ServedOnLoopbackAndOnAFreePortOnly) {
  EXPECT_EQ(MetricsServer::Serve(&metrics_, "0.0.0.0:0").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(MetricsServer::Serve(&metrics_, server_->address()).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(MetricsServer::Serve(&metrics_, "x").status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace policykb
