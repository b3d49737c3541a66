#include "tools/closed_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/rpc/server.h"
#include "policykb/v1/retriever_service.grpc.pb.h"

namespace policykb {
namespace {

// Answers when three searches are under way, or the last ones; fails at the question "bad".
class ThreeAtOnce : public v1::RetrieverService::CallbackService {
 public:
  explicit ThreeAtOnce(size_t searches) : left_(searches) {}

  std::multiset<std::string> asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  size_t most_at_once() const {
    absl::MutexLock lock(&mutex_);
    return most_at_once_;
  }

 private:
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request, v1::SearchResponse*) override {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    std::vector<std::pair<grpc::ServerUnaryReactor*, grpc::Status>> answered;
    {
      absl::MutexLock lock(&mutex_);
      asked_.insert(request->query());
      held_.emplace_back(reactor, request->query() == "bad"
                                      ? grpc::Status(grpc::StatusCode::DATA_LOSS, "broken")
                                      : grpc::Status::OK);
      most_at_once_ = std::max(most_at_once_, held_.size());
      --left_;
      if (held_.size() == 3 || left_ == 0) answered.swap(held_);
    }
    for (const auto& [each, status] : answered) each->Finish(status);
    return reactor;
  }

  mutable absl::Mutex mutex_;
  std::multiset<std::string> asked_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::pair<grpc::ServerUnaryReactor*, grpc::Status>> held_ ABSL_GUARDED_BY(mutex_);
  size_t left_ ABSL_GUARDED_BY(mutex_);
  size_t most_at_once_ ABSL_GUARDED_BY(mutex_) = 0;
};

std::vector<Topic> TopicsOf(const std::vector<std::string>& texts) {
  std::vector<Topic> topics(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) topics[i].text = texts[i];
  return topics;
}

TEST(ClosedLoopTest, SoManyCallersAskEachQuestionOnce) {
  ThreeAtOnce service(7);
  grpc::Service* const services[] = {&service};
  const auto server = RpcServer::Start({}, services);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto loop = ClosedLoop::Open({.address = (*server)->address()},
                                     TopicsOf({"a", "b", "c", "d", "e", "bad", "f"}), 10);
  ASSERT_TRUE(loop.ok()) << loop.status();
  const LoopPass pass = (*loop)->Run(3);
  EXPECT_THAT(service.asked(), testing::ElementsAre("a", "b", "bad", "c", "d", "e", "f"));
  EXPECT_EQ(service.most_at_once(), 3u);
  EXPECT_EQ(pass.ms.size(), 7u);
  EXPECT_TRUE(std::is_sorted(pass.ms.begin(), pass.ms.end()));
  EXPECT_GT(pass.ms.front(), 0);
  EXPECT_EQ(pass.failed, 1u);
  EXPECT_GE(pass.seconds * 1e3, pass.ms.back());
}

TEST(ClosedLoopTest, MoreCallersThanQuestionsAreNoneTooMany) {
  ThreeAtOnce service(1);
  grpc::Service* const services[] = {&service};
  const auto server = RpcServer::Start({}, services);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto loop = ClosedLoop::Open({.address = (*server)->address()}, TopicsOf({"a"}), 10);
  ASSERT_TRUE(loop.ok()) << loop.status();
  EXPECT_EQ((*loop)->Run(4).ms.size(), 1u);
}

}  // namespace
}  // namespace policykb
