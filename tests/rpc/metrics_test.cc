#include "core/rpc/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

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
    auto metrics = Metrics::Serve(kSpecs, "127.0.0.1:0");
    EXPECT_TRUE(metrics.ok()) << metrics.status();
    metrics_ = *std::move(metrics);
  }
  std::string Text() const { return HttpGet(metrics_->address(), "/metrics"); }

  std::unique_ptr<Metrics> metrics_;
};

TEST_F(MetricsTest, CountersAddUpByTheirLabels) {
  metrics_->Add("test_calls_total", {{"code", "OK"}});
  metrics_->Add("test_calls_total", {{"code", "OK"}}, 2);
  metrics_->Add("test_calls_total", {{"code", "NOT_FOUND"}});
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("# HELP test_calls_total Calls.\n# TYPE test_calls_total counter\n"));
  EXPECT_THAT(text, HasSubstr("test_calls_total{code=\"OK\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_calls_total{code=\"NOT_FOUND\"} 1\n"));
}

TEST_F(MetricsTest, DurationsAreCountedInRanges) {
  metrics_->Observe("test_seconds", {{"method", "Search"}}, absl::Milliseconds(3));
  metrics_->Observe("test_seconds", {{"method", "Search"}}, absl::Seconds(60));
  const std::string text = Text();
  // Cumulative: 3 ms are not within 2 ms, but within 5; a minute is within none but infinity.
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"0.002\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"30\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("test_seconds_bucket{method=\"Search\",le=\"+Inf\"} 2\n"));
}

TEST_F(MetricsTest, ALevelHasTheLabelsItWasSetWithLast) {
  metrics_->Set("test_level", {{"id", "a"}}, 1);
  metrics_->Set("test_level", {{"id", "b"}}, 2);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_level{id=\"b\"} 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("id=\"a\"")));
}

TEST_F(MetricsTest, AWatchedLevelIsReadWhenSomeoneLooks) {
  double value = 1;
  metrics_->Watch("test_watched", [&value] { return value; });
  EXPECT_THAT(Text(), HasSubstr("test_watched 1\n"));
  value = 7;
  EXPECT_THAT(Text(), HasSubstr("test_watched 7\n"));
}

TEST_F(MetricsTest, ServedOnLoopbackAndOnAFreePortOnly) {
  EXPECT_EQ(Metrics::Serve(kSpecs, "0.0.0.0:0").status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Metrics::Serve(kSpecs, metrics_->address()).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Metrics::Serve(kSpecs, "x").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace policykb
