// Searches over a snapshot whose queries a server embeds: it is down, late, wrong, and back.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "retriever/message_conversion.h"
#include "retriever/outage_watch.h"
#include "retriever/retriever_service.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// `count` vectors of `dimension` components.
FakeReply Vectors(size_t count, int dimension = 64) {
  std::string body = R"({"data":[)";
  for (size_t i = 0; i < count; ++i) {
    body += Cat(i > 0 ? "," : "", R"({"index":)", i, R"(,"embedding":[1)");
    for (int c = 1; c < dimension; ++c) body += ",0.5";
    body += "]}";
  }
  return {.content_type = "application/json", .pieces = {body + "]}"}};
}

class RemoteEmbedderTest : public testing::Test {
 protected:
  RemoteEmbedderTest() {
    BuildOptions options = base_.Options();
    options.embedder_choice.kind = EmbedderKind::kHttp;
    options.embedder_choice.model = "m";
    options.embedder_choice.url = server_->url();
    server_->Enqueue(Vectors(1));  // asks the dimension
    server_->Enqueue(Vectors(base_.report().passages));
    const auto report = Build(options, nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    const auto snapshot = Snapshot::OpenCurrent(base_.kb());
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    SearcherOptions searcher_options;
    searcher_options.told_of_embedding = [this](const absl::Status& status) {
      ++told_;
      last_told_ = status;
    };
    if (snapshot.ok()) searcher_ = std::make_shared<LocalSearcher>(*snapshot, searcher_options);
  }

  SearchResult Search(absl::Duration within = absl::Minutes(1)) {
    const auto result = searcher_->Search({.text = "登记费多少",
                                           .k = 10,
                                           .as_of = *CivilDate::Parse("2026-01-01"),
                                           .filter = {},
                                           .deadline = absl::Now() + within});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }
  // The hits that words find, and the reason why no meaning was compared.
  void ExpectByWordsAlone(const SearchResult& result, std::string_view why) {
    ASSERT_FALSE(result.hits.empty());
    EXPECT_EQ(result.hits[0].passage.name, "documents/dogs-2023/provisions/art2");
    EXPECT_THAT(result.dense_failure, HasSubstr(why));
    EXPECT_EQ(result.evidence.best_cosine, 0);
    EXPECT_FALSE(last_told_.ok());
  }

  SampleBase base_;
  std::unique_ptr<FakeChatServer> server_ = std::make_unique<FakeChatServer>();
  std::shared_ptr<const LocalSearcher> searcher_;
  int told_ = 0;
  absl::Status last_told_;
};

TEST_F(RemoteEmbedderTest, ASearchHasDenseEvidenceWhileTheServerAnswers) {
  EXPECT_TRUE(searcher_->search_waits());
  server_->Enqueue(Vectors(1));
  const SearchResult result = Search();
  EXPECT_EQ(result.dense_failure, "");
  EXPECT_GT(result.evidence.best_cosine, 0.9);
  EXPECT_EQ(told_, 1);
  EXPECT_TRUE(last_told_.ok());
}

TEST_F(RemoteEmbedderTest, WordsAloneFindTheHitsWhileTheServerIsDown) {
  server_.reset();
  ExpectByWordsAlone(Search(), "embedding server at http://127.0.0.1:");
}

TEST_F(RemoteEmbedderTest, ALateServerLeavesTimeForTheSearch) {
  server_->SetDefault(
      {.content_type = "application/json", .pieces = {"{"}, .ending = FakeEnding::kHang});
  const absl::Time begun = absl::Now();
  // Half of the time is the server's.
  ExpectByWordsAlone(Search(absl::Seconds(2)), "no whole response before the deadline");
  EXPECT_GE(absl::Now() - begun, absl::Milliseconds(999));
}

TEST_F(RemoteEmbedderTest, AWrongDimensionIsNoVector) {
  server_->Enqueue(Vectors(1, 65));
  ExpectByWordsAlone(Search(), "65 components, 64 expected");
}

TEST_F(RemoteEmbedderTest, TheNextSearchAfterAFailureAsksAgain) {
  server_->Enqueue(FakeError(401, R"({"error":"key expired"})"));
  ExpectByWordsAlone(Search(), "HTTP 401 key expired");
  server_->Enqueue(Vectors(1));
  EXPECT_EQ(Search().dense_failure, "");
  EXPECT_TRUE(last_told_.ok());
}

TEST_F(RemoteEmbedderTest, TheResponseSaysIt) {
  server_->Enqueue(Vectors(1, 65));
  const SearchResult result = Search();
  const v1::SearchResponse response =
      ToMessage(result, {.text = "x", .as_of = *CivilDate::Parse("2026-01-01"), .filter = {}});
  EXPECT_THAT(response.dense_failure(), HasSubstr("65 components"));
}

TEST_F(RemoteEmbedderTest, TheTraceOfACallGoesOnToTheServer) {
  const std::unique_ptr<Access> everybody = Access::ForEverybody({"public"});
  WorkQueue queue({.workers = 1});
  TraceContext seen;
  RetrieverServiceImpl service(RetrieverCalls([this] { return searcher_; }, *TodayIn(kDefaultZone)),
                               SnapshotCalls(base_.kb(), RollBackRule::kRefuse), everybody.get(),
                               [&seen](const CallRecord& record) { seen = record.trace; },
                               {.computing = &queue, .waiting = &queue});
  grpc::Service* const services[] = {&service};
  const auto server = RpcServer::Start({}, services);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto stub = v1::RetrieverService::NewStub(
      grpc::CreateChannel((*server)->address(), grpc::InsecureChannelCredentials()));
  server_->Enqueue(Vectors(1));
  const TraceContext trace = PartOf(std::nullopt);
  grpc::ClientContext context;
  ForwardTrace(trace, context);
  v1::SearchRequest request;
  request.set_query("登记费多少");
  v1::SearchResponse response;
  ASSERT_TRUE(stub->Search(&context, request, &response).ok());
  (*server)->Shutdown();
  // The trace is the caller's; the part that calls is the retriever's, which its log names.
  EXPECT_EQ(seen.trace_id, trace.trace_id);
  EXPECT_NE(seen.span_id, trace.span_id);
  EXPECT_THAT(server_->requests().back(),
              HasSubstr(Cat("\r\ntraceparent: ", seen.ToTraceParent(), "\r\n")));
}

TEST(OutageWatchTest, TellsOfEachEndOfAnOutageOnce) {
  OutageWatch watch;
  using Change = OutageWatch::Change;
  EXPECT_EQ(watch.Note(true), Change::kNone);
  EXPECT_EQ(watch.Note(false), Change::kBegan);
  EXPECT_EQ(watch.Note(false), Change::kNone);
  EXPECT_EQ(watch.Note(true), Change::kEnded);
  EXPECT_EQ(watch.Note(true), Change::kNone);
}

}  // namespace
}  // namespace policykb
