#include "tools/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/rpc/server.h"
#include "core/rpc/status_conversion.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/base/temp_folder.h"
#include "tools/load_report.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ArrivalTimesTest, EvenOnesStandAtEqualDistances) {
  EXPECT_THAT(ArrivalTimes(4, 1, Arrivals::kEven), testing::ElementsAre(0, 0.25, 0.5, 0.75));
}

TEST(ArrivalTimesTest, ThoseByChanceHaveTheRateAndTheScatterOfPoisson) {
  const std::vector<double> times = ArrivalTimes(1000, 20, Arrivals::kPoisson);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
  EXPECT_LT(times.back(), 20);
  // 20,000 expected with a standard deviation of their root, 141.
  EXPECT_NEAR(static_cast<double>(times.size()), 20000, 4 * 141);
  // Of distances by chance e^-1 are longer than the mean.
  size_t longer = 0;
  for (size_t i = 1; i < times.size(); ++i) {
    if (times[i] - times[i - 1] > 0.001) ++longer;
  }
  EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(times.size()), 0.368, 0.02);
  EXPECT_EQ(times, ArrivalTimes(1000, 20, Arrivals::kPoisson));
}

// A server that answers up to `most` searches per second, and whose answers take longer the closer
// it comes to that.
class PlannedServer {
 public:
  explicit PlannedServer(double most) : most_(most) {}

  LoadFigures operator()(double rate) {
    LoadFigures figures{.rate = rate, .seconds = 1, .offered = static_cast<size_t>(rate)};
    figures.accepted = static_cast<size_t>(std::min(rate, most_));
    figures.refused = figures.offered - figures.accepted;
    figures.latency.p99_ms = rate < most_ / 2 ? 2 : 4;
    return figures;
  }

 private:
  double most_;
};

TEST(MeasureCapacityTest, FindsTheHighestRateOfWhichNothingIsRefused) {
  for (const double most : {30.0, 200.0, 777.0, 5000.0}) {
    const auto found = MeasureCapacity(PlannedServer(most), 20);
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_LE(found->at_capacity.rate, most + 1);
    EXPECT_GE(found->at_capacity.rate, most / 1.06) << most;
    EXPECT_NEAR(found->overload.rate, 5 * found->at_capacity.rate, 1e-6);
    EXPECT_NEAR(found->unloaded.rate, found->at_capacity.rate / 10, 1e-6);
  }
}

TEST(MeasureCapacityTest, ARateWhoseAnswersAreTooLateIsNotWithin) {
  // From 388 per second on the p99 is 4 ms.
  const auto found = MeasureCapacity(PlannedServer(777), 3);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_LT(found->at_capacity.rate, 388.5);
  EXPECT_GT(found->at_capacity.rate, 388.5 / 1.06);
}

TEST(MeasureCapacityTest, OneChanceFailureIsNotBelieved) {
  bool failed = false;
  const auto found = MeasureCapacity(
      [&](double rate) {
        LoadFigures figures = PlannedServer(1000)(rate);
        if (!std::exchange(failed, true)) --figures.accepted;
        return figures;
      },
      20);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_GT(found->at_capacity.rate, 900);
}

TEST(MeasureCapacityTest, AServerThatAnswersNothingIsAnError) {
  const auto found = MeasureCapacity(
      [](double rate) {
        return LoadFigures{.rate = rate, .offered = 100, .failed = 100, .failure = "why"};
      },
      20);
  EXPECT_EQ(found.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(found.status().message()), HasSubstr("why"));
}

TEST(LoadReportTest, WhatFollowsFromACapacityIsSaid) {
  CapacityFigures found;
  found.at_capacity = PlannedServer(1000)(1000);
  found.unloaded = PlannedServer(1000)(100);
  found.overload = PlannedServer(1000)(5000);
  found.overload.accepted = 850;
  const LoadReport report{.rates = {}, .capacity = found};
  EXPECT_THAT(LoadReportText(report, {}),
              AllOf(HasSubstr("capacity: 1000 searches per second"),
                    // 4 ms over 2 ms; 850 of 1,000 per second.
                    HasSubstr("5.0 times that: p99 of answers 2.00 times that without load"),
                    HasSubstr("goodput 85 % of the capacity")));
  EXPECT_THAT(LoadReportJson(report, {}), AllOf(HasSubstr("\"overload_p99_ratio\":2.0"),
                                                HasSubstr("\"overload_goodput_share\":0.85")));
}

// Of five searches it answers two, refuses one, lets one run into its deadline and fails at one.
class MixedRetriever : public v1::RetrieverService::CallbackService {
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context, const v1::SearchRequest*,
                                   v1::SearchResponse*) override {
    const int turn = next_++ % 5;
    if (turn == 3) return new UntilCancelled;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(turn == 2   ? ToGrpcStatus(OverloadedError("full", "FULL", absl::Seconds(1)))
                    : turn == 4 ? grpc::Status(grpc::StatusCode::DATA_LOSS, "broken")
                                : grpc::Status::OK);
    return reactor;
  }

  class UntilCancelled : public grpc::ServerUnaryReactor {
    void OnCancel() override { Finish(grpc::Status::CANCELLED); }
    void OnDone() override { delete this; }
  };

  std::atomic<int> next_ = 0;
};

TEST(LoadClientTest, EachSearchIsCountedForWhatBecameOfIt) {
  MixedRetriever retriever;
  grpc::Service* const services[] = {&retriever};
  const auto server = RpcServer::Start({}, services);
  ASSERT_TRUE(server.ok()) << server.status();
  std::vector<Topic> topics(2);
  topics[0].text = "a";
  topics[1].text = "b";
  const auto client = LoadClient::Open({.address = (*server)->address()}, topics, 10);
  ASSERT_TRUE(client.ok()) << client.status();
  LoadOptions options;
  options.arrivals = Arrivals::kEven;
  options.deadline_ms = 3000;
  const LoadFigures figures = (*client)->Offer(100, 1, options);
  EXPECT_EQ(figures.offered, 100U);
  EXPECT_EQ(figures.accepted, 40U);
  EXPECT_EQ(figures.refused, 20U);
  EXPECT_EQ(figures.late, 20U);
  EXPECT_EQ(figures.failed, 20U);
  EXPECT_EQ(figures.failure, "DATA_LOSS: broken");
  EXPECT_GT(figures.latency.p50_ms, 0);
  EXPECT_GE(figures.seconds, 0.9);
}

TEST(MeasureLoadTest, AServerThatIsNotThereIsAnError) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "topics", "{\"_id\": \"1\", \"text\": \"a\"}\n").ok());
  BenchOptions bench;
  bench.retriever = "127.0.0.1:1";
  bench.topics = folder / "topics";
  LoadOptions load;
  EXPECT_EQ(MeasureLoad(load, bench).status().code(), absl::StatusCode::kInvalidArgument);
  load.rates = {10};
  load.warm_up_seconds = 0.01;
  EXPECT_EQ(MeasureLoad(load, bench).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace policykb
