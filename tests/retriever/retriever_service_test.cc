#include "retriever/retriever_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/rpc/server.h"

namespace policykb {
namespace {

// Keeps the work until it is told to do it.
class HeldWork : public Executor {
 public:
  void Post(std::function<void()> work) override {
    absl::MutexLock lock(&mutex_);
    work_.push_back(std::move(work));
  }
  void WaitFor(size_t pieces) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, pieces]()
                            ABSL_NO_THREAD_SAFETY_ANALYSIS { return work_.size() >= pieces; };
    mutex_.Await(absl::Condition(&enough));
  }
  void DoAll() {
    std::deque<std::function<void()>> work;
    {
      absl::MutexLock lock(&mutex_);
      work.swap(work_);
    }
    for (const auto& piece : work) piece();
  }

 private:
  absl::Mutex mutex_;
  std::deque<std::function<void()>> work_ ABSL_GUARDED_BY(mutex_);
};

// Finds nothing in snapshot "s1".
class FixedSearcher : public Searcher {
 public:
  explicit FixedSearcher(bool waits) : waits_(waits) {}

  absl::StatusOr<SearchResult> Search(const SearchQuery&) const override {
    SearchResult result;
    result.snapshot = "s1";
    return result;
  }
  absl::StatusOr<Document> GetDocument(const std::string&, const CallerLabels&) const override {
    return absl::NotFoundError("none");
  }
  absl::StatusOr<std::vector<SearchHit>> GetPassages(std::span<const std::string>,
                                                     const CallerLabels&) const override {
    return absl::NotFoundError("none");
  }
  SnapshotInfo Info(const CallerLabels&) const override {
    SnapshotInfo info;
    info.id = "s1";
    return info;
  }
  bool search_waits() const override { return waits_; }

 private:
  bool waits_;
};

class RetrieverServiceTest : public testing::Test {
 protected:
  void Start(bool search_waits) {
    searcher_ = std::make_shared<FixedSearcher>(search_waits);
    service_ = std::make_unique<RetrieverServiceImpl>(
        RetrieverCalls([this] { return searcher_; }, *TodayIn(kDefaultZone)), access_.get(),
        nullptr, &held_);
    grpc::Service* const services[] = {service_.get()};
    auto server = RpcServer::Start({}, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::RetrieverService::NewStub(
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
    request_.set_query("x");
  }

  struct Call {
    grpc::ClientContext context;
    v1::SearchResponse response;
    grpc::Status status;
    absl::Notification done;
  };
  std::unique_ptr<Call> StartSearch() {
    auto call = std::make_unique<Call>();
    stub_->async()->Search(&call->context, &request_, &call->response,
                           [call = call.get()](const grpc::Status& status) {
                             call->status = status;
                             call->done.Notify();
                           });
    return call;
  }

  HeldWork held_;
  const std::unique_ptr<Access> access_ = Access::ForEverybody({kPublicLabel});
  std::shared_ptr<const Searcher> searcher_;
  std::unique_ptr<RetrieverServiceImpl> service_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
  v1::SearchRequest request_;
};

TEST_F(RetrieverServiceTest, ASearchThatWaitsForNobodyIsAnsweredInline) {
  Start(false);
  const auto call = StartSearch();
  call->done.WaitForNotification();
  EXPECT_TRUE(call->status.ok());
  EXPECT_EQ(call->response.snapshot(), "s1");
}

TEST_F(RetrieverServiceTest, SearchesThatWaitHoldNoThreadOfGrpc) {
  Start(true);
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < RetrieverServiceImpl::kMostWaiting; ++i) calls.push_back(StartSearch());
  held_.WaitFor(calls.size());
  // Other calls are answered meanwhile, and one more search is refused at once.
  grpc::ClientContext context;
  v1::GetSnapshotResponse snapshot;
  ASSERT_TRUE(stub_->GetSnapshot(&context, {}, &snapshot).ok());
  EXPECT_EQ(snapshot.snapshot(), "s1");
  const auto refused = StartSearch();
  refused->done.WaitForNotification();
  EXPECT_EQ(refused->status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);

  held_.DoAll();
  for (const auto& call : calls) {
    call->done.WaitForNotification();
    EXPECT_TRUE(call->status.ok()) << call->status.error_message();
    EXPECT_EQ(call->response.snapshot(), "s1");
  }
}

}  // namespace
}  // namespace policykb
