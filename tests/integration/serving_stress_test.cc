// A retriever to which everything happens at once: searches, cancellations, deadlines that are too
// short, more searches than it can do, new snapshots and new access files. What it must keep to
// holds all the same, and with the preset tsan any race fails the test.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/server.h"
#include "core/rpc/work_queue.h"
#include "core/snapshot/roll_back.h"
#include "indexer/maintenance.h"
#include "retriever/live_snapshot.h"
#include "retriever/retriever_service.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

constexpr std::string_view kSecret = "青蛙";  // in the paper for staff alone
constexpr absl::Duration kLength = absl::Seconds(5);

// Two snapshots of a base, of which now one and now the other is served.
class ServingStressTest : public testing::Test {
 protected:
  void Start(const WorkQueueOptions& options) {
    snapshots_.push_back(base_.report().snapshot);
    const absl::StatusOr<BuildReport> second = Build(base_.Options(), nullptr);
    ASSERT_TRUE(second.ok()) << second.status();
    snapshots_.push_back(second->snapshot);
    WriteAccess(0);
    access_ = *Access::Open(AccessPath());
    live_ = *LiveSnapshot::Open(base_.kb());
    queue_ = std::make_unique<WorkQueue>(options);
    service_ = std::make_unique<RetrieverServiceImpl>(
        RetrieverCalls([this] { return live_->Get(); }, *TodayIn(kDefaultZone)),
        SnapshotCalls(base_.kb(), RollBackRule::kRefuse), access_.get(), nullptr,
        RetrieverQueues{.computing = queue_.get(), .waiting = queue_.get()});
    grpc::Service* const services[] = {service_.get()};
    auto server = RpcServer::Start({}, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::RetrieverService::NewStub(
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }

  std::string AccessPath() const { return base_.folder() / "access.toml"; }
  // Two principals; what else the file says changes with `turn`.
  void WriteAccess(int turn) const {
    std::string text = "labels = ['public', 'staff']\n";
    for (const auto& [name, labels] :
         {std::pair("hall", "'public'"), std::pair("desk", "'public', 'staff'")}) {
      const std::string& key = keys_.at(name);
      text += Cat("[[principal]]\nname = '", name, "'\nroles = ['staff']\nlabels = [", labels,
                  "]\nkeys = ['", ApiKeyHash::Of(key)->ToString(),
                  "']\nconcurrent_calls = ", 1000 + turn, "\n");
    }
    // By a rename, as a person's editor does: half a file is a fault.
    const std::string next = Cat(AccessPath(), ".next");
    std::remove(next.c_str());
    ASSERT_TRUE(WriteNewFile(next, text).ok());
    ASSERT_EQ(std::rename(next.c_str(), AccessPath().c_str()), 0);
  }

  // Goes over to the other snapshot.
  void Swap() {
    ASSERT_TRUE(RollBack(base_.kb(), snapshots_[swaps_++ % 2]).ok());
    const absl::StatusOr<bool> changed = live_->Refresh();
    ASSERT_TRUE(changed.ok()) << changed.status();
    EXPECT_TRUE(*changed);
  }

  struct Asked {
    std::string principal;
    absl::Duration limit;  // of its deadline
    bool cancel = false;
  };
  // One search over the wire; `done` is told its status and response.
  struct Call {
    grpc::ClientContext context;
    v1::SearchRequest request;
    v1::SearchResponse response;
    std::function<void(const grpc::Status&, const v1::SearchResponse&)> done;
  };
  void StartSearch(const Asked& asked,
                   std::function<void(const grpc::Status&, const v1::SearchResponse&)> done) {
    const auto call = std::make_shared<Call>();
    ShowKey(keys_.at(asked.principal), call->context);
    call->context.set_deadline(absl::ToChronoTime(absl::Now() + asked.limit));
    call->request.set_query("养犬登记材料不齐怎么办");
    call->done = std::move(done);
    stub_->async()->Search(
        &call->context, &call->request, &call->response,
        [call](const grpc::Status& status) { call->done(status, call->response); });
    if (asked.cancel) call->context.TryCancel();
  }

  const std::map<std::string, std::string> keys_ = {{"hall", MakeApiKey()}, {"desk", MakeApiKey()}};
  SampleBase base_;
  std::vector<std::string> snapshots_;
  std::atomic<size_t> swaps_ = 0;
  std::unique_ptr<Access> access_;
  std::unique_ptr<LiveSnapshot> live_;
  std::unique_ptr<WorkQueue> queue_;
  std::unique_ptr<RetrieverServiceImpl> service_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
};

TEST_F(ServingStressTest, AHundredNewSnapshotsFailNoSearch) {
  constexpr size_t kSwaps = 100;
  constexpr int kCallers = 4;
  // Patient: with four callers nobody waits for more than three searches.
  Start({.workers = 2, .limits = {.burst = absl::Minutes(1), .standing = absl::Minutes(1)}});
  std::atomic<bool> over = false;
  std::atomic<size_t> searches = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&] {
      while (!over) {
        absl::BlockingCounter wait(1);
        StartSearch({.principal = "hall", .limit = absl::Minutes(1)},
                    [&](const grpc::Status& status, const v1::SearchResponse& response) {
                      EXPECT_TRUE(status.ok()) << status.error_message();
                      EXPECT_GT(response.hits_size(), 0);
                      EXPECT_THAT(snapshots_, testing::Contains(response.snapshot()));
                      ++searches;
                      wait.DecrementCount();
                    });
        wait.Wait();
      }
    });
  }
  for (size_t i = 0; i < kSwaps; ++i) {
    // Some searches on each.
    const size_t before = searches;
    Swap();
    while (searches < before + 2 * kCallers) std::this_thread::yield();
  }
  over = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_GE(searches, 2 * kCallers * kSwaps);
}

TEST_F(ServingStressTest, EverythingAtOnceBreaksNoPromise) {
  constexpr int kCallers = 3;
  constexpr int kBatch = 60;
  Start({.workers = 2});
  const absl::Time end = absl::Now() + kLength;
  std::atomic<int> answered = 0, refused = 0, cancelled = 0, late = 0, reloads = 0;
  const auto take = [&](const Asked& asked, const grpc::Status& status,
                        const v1::SearchResponse& response) {
    switch (status.error_code()) {
      case grpc::StatusCode::OK:
        ++answered;
        EXPECT_THAT(snapshots_, testing::Contains(response.snapshot()));
        for (const v1::Hit& hit : response.hits()) {
          EXPECT_TRUE(asked.principal == "desk" ||
                      hit.passage().text().find(kSecret) == std::string::npos);
        }
        break;
      case grpc::StatusCode::RESOURCE_EXHAUSTED:
        ++refused;
        break;
      case grpc::StatusCode::CANCELLED:
        EXPECT_TRUE(asked.cancel);
        ++cancelled;
        break;
      case grpc::StatusCode::DEADLINE_EXCEEDED:
        EXPECT_LT(asked.limit, absl::Seconds(1));
        ++late;
        break;
      default:
        ADD_FAILURE() << status.error_code() << " " << status.error_message();
    }
  };
  std::vector<std::thread> threads;
  for (int caller = 0; caller < kCallers; ++caller) {
    threads.emplace_back([&, caller] {
      std::mt19937 random(static_cast<unsigned>(caller));
      while (absl::Now() < end) {
        absl::BlockingCounter wait(kBatch);
        for (int i = 0; i < kBatch; ++i) {
          const Asked asked{
              .principal = random() % 2 == 0 ? "hall" : "desk",
              .limit = random() % 5 == 0 ? absl::Milliseconds(1 + random() % 5) : absl::Minutes(1),
              .cancel = random() % 5 == 0};
          StartSearch(asked,
                      [&, asked](const grpc::Status& status, const v1::SearchResponse& response) {
                        take(asked, status, response);
                        wait.DecrementCount();
                      });
        }
        wait.Wait();
      }
    });
  }
  threads.emplace_back([&] {
    while (absl::Now() < end) Swap();
  });
  threads.emplace_back([&] {
    for (int turn = 1; absl::Now() < end; ++turn) {
      WriteAccess(turn);
      const absl::StatusOr<bool> changed = access_->Refresh();
      ASSERT_TRUE(changed.ok()) << changed.status();
      EXPECT_TRUE(*changed);
      ++reloads;
    }
  });
  threads.emplace_back([&] {
    while (absl::Now() < end) {
      grpc::ClientContext context;
      ShowKey(keys_.at("desk"), context);
      v1::GetSnapshotResponse snapshot;
      EXPECT_TRUE(stub_->GetSnapshot(&context, {}, &snapshot).ok());
      const WorkQueueFigures figures = queue_->figures();
      EXPECT_LE(figures.running, 2);
      EXPECT_LE(figures.waiting, 1000U);
    }
  });
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(answered, 0);
  EXPECT_GT(refused, 0);
  EXPECT_GT(cancelled, 0);
  EXPECT_GT(late, 0);
  EXPECT_GE(swaps_, 2U);
  EXPECT_GE(reloads, 2);
  // Nothing is left over.
  server_->Shutdown();
  const WorkQueueFigures figures = queue_->figures();
  EXPECT_EQ(figures.waiting, 0U);
  EXPECT_EQ(figures.running, 0);
}

}  // namespace
}  // namespace policykb
