#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/rpc/server.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/rpc/raw_call.h"

namespace policykb {
namespace {

// A search that ends when the test says so, or when it is cancelled.
class HeldSearch : public grpc::ServerUnaryReactor {
 public:
  // Ends the call with `status`; the first of several endings counts.
  void End(const grpc::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (ended_) return;
      ended_ = true;
    }
    Finish(status);
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override { done_.Notify(); }
  void WaitUntilDone() { done_.WaitForNotification(); }

 private:
  absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Notification done_;
};

// A service with room for one search, which is held.
class HoldingRetriever : public v1::RetrieverService::CallbackService {
 public:
  HeldSearch search;
  absl::Notification arrived;

 private:
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext*, const v1::SearchRequest*,
                                   v1::SearchResponse*) override {
    arrived.Notify();
    return &search;
  }
};

class ShutdownTest : public testing::Test {
 protected:
  void Start(absl::Duration drain_limit) {
    grpc::Service* const services[] = {&retriever_};
    auto server = RpcServer::Start({.drain_limit = drain_limit}, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_->SetServing(true);
    channel_ = Connect(server_->address());
  }
  // Starts a search in a thread of its own and returns once the service has it.
  std::thread SearchInFlight() {
    std::thread caller([this] {
      grpc::ClientContext context;
      v1::SearchResponse response;
      outcome_ =
          v1::RetrieverService::NewStub(channel_)->Search(&context, v1::SearchRequest(), &response);
    });
    retriever_.arrived.WaitForNotification();
    return caller;
  }
  // Returns when health over an open connection is no longer SERVING or the connection is refused.
  void WaitUntilNotServing() {
    while (true) {
      const auto health = CheckHealth(channel_, "");
      if (!health.ok() || *health != Health::kServing) return;
      std::this_thread::yield();
    }
  }

  HoldingRetriever retriever_;
  std::unique_ptr<RpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  grpc::Status outcome_;
};

TEST_F(ShutdownTest, ACallInFlightIsFinished) {
  Start(absl::Seconds(60));
  std::thread caller = SearchInFlight();
  std::thread stopper([this] { server_->Shutdown(); });
  WaitUntilNotServing();
  retriever_.search.End(grpc::Status::OK);
  stopper.join();
  caller.join();
  EXPECT_TRUE(outcome_.ok()) << outcome_.error_message();
}

TEST_F(ShutdownTest, ACallThatOutlastsTheDrainLimitIsCancelled) {
  Start(absl::Milliseconds(50));
  std::thread caller = SearchInFlight();
  server_->Shutdown();
  caller.join();
  retriever_.search.WaitUntilDone();
  EXPECT_FALSE(outcome_.ok());
}

TEST_F(ShutdownTest, NewCallsAreRefusedWhileOneDrains) {
  Start(absl::Seconds(60));
  std::thread caller = SearchInFlight();
  std::thread stopper([this] { server_->Shutdown(); });
  WaitUntilNotServing();
  // The service would fail the test by a second Notify if a call came through.
  const auto channel = Connect(server_->address());
  while (RawCall(channel, "/policykb.v1.RetrieverService/GetSnapshot", "").status().code() !=
         absl::StatusCode::kUnavailable) {
    std::this_thread::yield();
  }
  retriever_.search.End(grpc::Status::OK);
  stopper.join();
  caller.join();
  EXPECT_TRUE(outcome_.ok());
}

TEST_F(ShutdownTest, ShutdownTwiceAndFromSeveralThreadsIsOneShutdown) {
  Start(absl::Seconds(60));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) threads.emplace_back([this] { server_->Shutdown(); });
  for (std::thread& thread : threads) thread.join();
  server_->Shutdown();
  EXPECT_FALSE(CheckHealth(channel_, "").ok());
}

TEST_F(ShutdownTest, SetServingAfterShutdownDoesNothing) {
  Start(absl::Seconds(60));
  server_->Shutdown();
  server_->SetServing(true);
  EXPECT_FALSE(CheckHealth(channel_, "").ok());
}

// gRPC's client-side health checking keeps a Watch stream open as long as the channel lives.
TEST_F(ShutdownTest, AHealthWatcherDoesNotHoldUpShutdown) {
  Start(absl::Seconds(60));
  grpc::ChannelArguments arguments;
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetServiceConfigJSON(R"({"healthCheckConfig": {"serviceName": ""}})");
  const auto watching =
      grpc::CreateCustomChannel(server_->address(), grpc::InsecureChannelCredentials(), arguments);
  // READY means that the watcher has been told SERVING.
  server_->SetServing(false);
  ASSERT_FALSE(watching->WaitForConnected(std::chrono::system_clock::now() +
                                          std::chrono::milliseconds(100)));
  server_->SetServing(true);
  ASSERT_TRUE(
      watching->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(20)));
  const absl::Time before = absl::Now();
  server_->Shutdown();
  EXPECT_LT(absl::Now() - before, absl::Seconds(30));
}

}  // namespace
}  // namespace policykb
