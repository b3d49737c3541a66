#include "retriever/retriever_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "core/rpc/server.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/work_queue.h"

namespace policykb {
namespace {

// Finds nothing in snapshot "s1", once it is let go.
class HeldSearcher : public Searcher {
 public:
  explicit HeldSearcher(bool waits) : waits_(waits) {}

  // Searches return from now on.
  void LetGo() {
    absl::MutexLock lock(&mutex_);
    held_ = false;
  }
  // Returns when so many searches have begun.
  void WaitForSearches(int searches) const {
    const auto begun = [this, searches]()
                           ABSL_NO_THREAD_SAFETY_ANALYSIS { return searches_ >= searches; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&begun));
  }
  int searches() const {
    absl::MutexLock lock(&mutex_);
    return searches_;
  }

  absl::StatusOr<SearchResult> Search(const SearchQuery&) const override {
    const auto let_go = [this]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return !held_; };
    absl::MutexLock lock(&mutex_);
    ++searches_;
    mutex_.Await(absl::Condition(&let_go));
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
  absl::StatusOr<DocumentPage> ListDocuments(const DocumentListQuery&) const override {
    return DocumentPage();
  }
  absl::StatusOr<std::vector<std::string>> SuggestQuestions(const SuggestionQuery&) const override {
    return std::vector<std::string>();
  }
  bool search_waits() const override { return waits_; }

 private:
  const bool waits_;
  mutable absl::Mutex mutex_;
  bool held_ ABSL_GUARDED_BY(mutex_) = true;
  mutable int searches_ ABSL_GUARDED_BY(mutex_) = 0;
};

// One worker computes, two wait for the network.
class RetrieverServiceTest : public testing::Test {
 protected:
  ~RetrieverServiceTest() override {
    searcher_->LetGo();
    server_.reset();
  }

  void Start(bool search_waits) {
    searcher_ = std::make_shared<HeldSearcher>(search_waits);
    service_ = std::make_unique<RetrieverServiceImpl>(
        RetrieverCalls([this] { return searcher_; }, *TodayIn(kDefaultZone)),
        SnapshotCalls("/nonexistent", RollBackRule::kRefuse), access_.get(), nullptr,
        RetrieverQueues{.computing = &computing_, .waiting = &waiting_});
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
  std::unique_ptr<Call> StartSearch(absl::Time deadline = absl::InfiniteFuture()) {
    auto call = std::make_unique<Call>();
    if (deadline != absl::InfiniteFuture())
      call->context.set_deadline(absl::ToChronoTime(deadline));
    stub_->async()->Search(&call->context, &request_, &call->response,
                           [call = call.get()](const grpc::Status& status) {
                             call->status = status;
                             call->done.Notify();
                           });
    return call;
  }
  // Returns when so many calls wait in the queue.
  static void WaitForQueue(const WorkQueue& queue, size_t waiting) {
    while (queue.figures().waiting < waiting) std::this_thread::yield();
  }

  WorkQueue computing_{{.workers = 1}};
  WorkQueue waiting_{{.workers = 2}};
  const std::unique_ptr<Access> access_ = Access::ForEverybody({kPublicLabel});
  std::shared_ptr<HeldSearcher> searcher_;
  std::unique_ptr<RetrieverServiceImpl> service_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
  v1::SearchRequest request_;
};

TEST_F(RetrieverServiceTest, SearchesAreAnswered) {
  Start(false);
  searcher_->LetGo();
  const auto call = StartSearch();
  call->done.WaitForNotification();
  EXPECT_TRUE(call->status.ok());
  EXPECT_EQ(call->response.snapshot(), "s1");
}

TEST_F(RetrieverServiceTest, OneSearchTooManyIsRefusedAtOnceAndOtherCallsAreAnswered) {
  Start(false);
  std::vector<std::unique_ptr<Call>> calls;
  calls.push_back(StartSearch());
  searcher_->WaitForSearches(1);
  // A search is taken to need 2 ms before one is done, and may wait for 20.
  for (int i = 0; i < 10; ++i) calls.push_back(StartSearch());
  WaitForQueue(computing_, 10);
  const auto refused = StartSearch();
  refused->done.WaitForNotification();
  const absl::Status status = FromGrpcStatus(refused->status);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(status), "OVERLOADED");
  EXPECT_TRUE(RetryAfter(status).has_value());
  grpc::ClientContext context;
  v1::GetSnapshotResponse snapshot;
  ASSERT_TRUE(stub_->GetSnapshot(&context, {}, &snapshot).ok());
  EXPECT_EQ(snapshot.snapshot(), "s1");

  searcher_->LetGo();
  for (const auto& call : calls) {
    call->done.WaitForNotification();
    EXPECT_TRUE(call->status.ok()) << call->status.error_message();
    EXPECT_EQ(call->response.snapshot(), "s1");
  }
}

TEST_F(RetrieverServiceTest, SearchesThatAreLateOrCancelledWhileTheyWaitAreNotDone) {
  Start(false);
  const auto first = StartSearch();
  searcher_->WaitForSearches(1);
  // Long enough for both to arrive.
  constexpr absl::Duration kPatience = absl::Seconds(3);
  const auto cancelled = StartSearch(absl::Now() + kPatience);
  const auto late = StartSearch(absl::Now() + kPatience);
  WaitForQueue(computing_, 2);
  // The server counts from when a call arrives, by gRPC's own clock, which goes wrong by as long as
  // a busy machine interrupted its setting: by then both are late there, whether or not it has
  // heard of the cancellation.
  const absl::Time over = absl::Now() + kPatience + absl::Milliseconds(500);
  cancelled->context.TryCancel();
  late->done.WaitForNotification();
  cancelled->done.WaitForNotification();
  EXPECT_EQ(late->status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_FALSE(cancelled->status.ok());
  while (absl::Now() < over) std::this_thread::yield();
  searcher_->LetGo();
  first->done.WaitForNotification();
  EXPECT_TRUE(first->status.ok());
  const auto ended = [this] { return computing_.figures().done + computing_.figures().dropped; };
  while (ended() < 3) std::this_thread::yield();
  EXPECT_EQ(computing_.figures().dropped, 2U);
  EXPECT_EQ(searcher_->searches(), 1);
}

TEST_F(RetrieverServiceTest, SearchesThatWaitForTheNetworkHoldNoWorkerThatComputes) {
  Start(true);
  const auto first = StartSearch();
  const auto second = StartSearch();
  searcher_->WaitForSearches(2);
  EXPECT_EQ(computing_.figures().running, 0);
  grpc::ClientContext context;
  v1::GetDocumentRequest request;
  request.set_name("documents/none");
  v1::GetDocumentResponse document;
  EXPECT_EQ(stub_->GetDocument(&context, request, &document).error_code(),
            grpc::StatusCode::NOT_FOUND);
  searcher_->LetGo();
  for (const auto& call : {first.get(), second.get()}) {
    call->done.WaitForNotification();
    EXPECT_TRUE(call->status.ok());
  }
}

}  // namespace
}  // namespace policykb
