#include "core/embedding/http_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/embeddings_protocol.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kKey[] = "sk-secret-0123456789";

FakeReply Reply(std::string body) {
  return {.content_type = "application/json", .pieces = {std::move(body)}};
}

std::string Vector(int index, std::string_view components) {
  return Cat(R"({"object":"embedding","index":)", index, R"(,"embedding":[)", components, "]}");
}

std::string Data(const std::vector<std::string>& entries) {
  return Cat(R"({"object":"list","data":[)", Join(entries, ","), "]}");
}

class HttpEmbedderTest : public ::testing::Test {
 protected:
  HttpEmbedderOptions Options() const {
    HttpEmbedderOptions options;
    options.url = server_.url();
    options.model = "m";
    options.dimension = 2;
    options.key = kKey;
    options.requests = 1;
    options.passages_limit = absl::Seconds(20);
    options.query_limit = absl::Seconds(20);
    options.first_pause = absl::Milliseconds(1);
    return options;
  }

  absl::StatusOr<std::vector<float>> Embed(const std::vector<std::string_view>& texts,
                                           const HttpEmbedderOptions& options) {
    const auto embedder = OpenHttpEmbedder(options);
    EXPECT_TRUE(embedder.ok()) << embedder.status();
    auto vectors = (*embedder)->EmbedPassages(texts);
    EXPECT_THAT(std::string(vectors.status().message()), Not(HasSubstr("secret")));
    return vectors;
  }

  FakeChatServer server_;
};

TEST_F(HttpEmbedderTest, VectorsComeInTheOrderOfTheTexts) {
  server_.Enqueue(Reply(Data({Vector(1, "0,2"), Vector(0, "3,4")})));
  const auto vectors = Embed({"甲", "乙"}, Options());
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(*vectors, ElementsAre(0.6F, 0.8F, 0, 1));
  ASSERT_THAT(server_.requests(), SizeIs(1));
  EXPECT_THAT(server_.requests()[0], HasSubstr("POST /v1/embeddings HTTP/1.1\r\n"));
  EXPECT_THAT(server_.requests()[0], HasSubstr(Cat("Authorization: Bearer ", kKey)));
  EXPECT_THAT(server_.requests()[0], HasSubstr(R"("input":["甲","乙"],"model":"m")"));
}

TEST_F(HttpEmbedderTest, TextsGoOutInBatchesWithTheirPrefix) {
  for (const int count : {2, 2, 1}) {
    std::vector<std::string> entries;
    for (int i = 0; i < count; ++i) entries.push_back(Vector(i, "1,0"));
    server_.Enqueue(Reply(Data(entries)));
  }
  HttpEmbedderOptions options = Options();
  options.batch = 2;
  options.passage_prefix = "p: ";
  const auto vectors = Embed({"a", "b", "c", "d", "e"}, options);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(*vectors, SizeIs(10));
  ASSERT_THAT(server_.requests(), SizeIs(3));
  EXPECT_THAT(server_.requests()[2], HasSubstr(R"(["p: e"])"));
}

TEST_F(HttpEmbedderTest, RequestsRunBesideEachOther) {
  server_.SetDefault(Reply(Data({Vector(0, "1,0")})));
  HttpEmbedderOptions options = Options();
  options.batch = 1;
  options.requests = 4;
  const auto vectors = Embed({"a", "b", "c", "d", "e", "f", "g", "h"}, options);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(server_.requests(), SizeIs(8));
}

TEST_F(HttpEmbedderTest, WhatMayPassIsTriedAgain) {
  server_.Enqueue(FakeError(503, R"({"error":{"message":"loading"}})"));
  server_.Enqueue(FakeError(429, R"({"error":"slow down"})"));
  server_.Enqueue(Reply(Data({Vector(0, "1,0")})));
  EXPECT_TRUE(Embed({"a"}, Options()).ok());
  EXPECT_THAT(server_.requests(), SizeIs(3));
}

TEST_F(HttpEmbedderTest, WhatCannotPassIsNot) {
  server_.SetDefault(FakeError(401, Cat(R"({"error":{"message":"bad key )", kKey, R"("}})")));
  const auto vectors = Embed({"a"}, Options());
  EXPECT_TRUE(absl::IsPermissionDenied(vectors.status()));
  EXPECT_THAT(std::string(vectors.status().message()), HasSubstr("HTTP 401 bad key (key)"));
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(HttpEmbedderTest, ASlowServerEndsAtTheDeadline) {
  server_.SetDefault(
      {.content_type = "application/json", .pieces = {"{"}, .ending = FakeEnding::kHang});
  HttpEmbedderOptions options = Options();
  options.passages_limit = absl::Milliseconds(300);
  const absl::Time start = absl::Now();
  EXPECT_TRUE(absl::IsDeadlineExceeded(Embed({"a"}, options).status()));
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
}

TEST_F(HttpEmbedderTest, RepliesThatAreNotTheVectorsAreRefused) {
  const auto failure = [&](FakeReply reply) {
    server_.Enqueue(std::move(reply));
    const auto vectors = Embed({"a"}, Options());
    EXPECT_TRUE(absl::IsDataLoss(vectors.status())) << vectors.status();
    EXPECT_THAT(std::string(vectors.status().message()), HasSubstr("embedding server at http://"));
    return std::string(vectors.status().message());
  };
  EXPECT_THAT(failure(Reply("<html><body>login</body></html>")), HasSubstr("not a JSON object"));
  EXPECT_THAT(failure(Reply("{}")), HasSubstr("no list of data"));
  EXPECT_THAT(failure(Reply(Data({}))), HasSubstr("0 vectors, 1 expected"));
  EXPECT_THAT(failure(Reply(Data({Vector(0, "1,0,0")}))), HasSubstr("3 components, 2 expected"));
  EXPECT_THAT(failure(Reply(Data({Vector(1, "1,0")}))), HasSubstr("index 1 is out of range"));
  EXPECT_THAT(failure(Reply(Data({Vector(0, "0,0")}))), HasSubstr("all zero"));
  EXPECT_THAT(failure(Reply(Data({Vector(0, "1,null")}))), HasSubstr("no finite number"));
  EXPECT_THAT(failure(Reply(Data({Vector(0, "1e39,0")}))), HasSubstr("no finite number"));
  EXPECT_THAT(failure(Reply(R"({"data":[7]})")), HasSubstr("not an object"));
}

TEST_F(HttpEmbedderTest, AQueryHasAPrefixAndALimitOfItsOwn) {
  server_.Enqueue(Reply(Data({Vector(0, "0,5")})));
  HttpEmbedderOptions options = Options();
  options.query_prefix = "q: ";
  const auto embedder = OpenHttpEmbedder(options);
  ASSERT_TRUE(embedder.ok());
  EXPECT_THAT(*(*embedder)->EmbedQuery("a"), ElementsAre(0, 1));
  EXPECT_THAT(server_.requests()[0], HasSubstr(R"(["q: a"])"));
}

TEST_F(HttpEmbedderTest, ASearchAsksForAllItsTextsAtOnce) {
  server_.Enqueue(Reply(Data({Vector(0, "0,5"), Vector(1, "2,0")})));
  HttpEmbedderOptions options = Options();
  options.query_prefix = "q: ";
  const auto embedder = OpenHttpEmbedder(options);
  ASSERT_TRUE(embedder.ok());
  EXPECT_TRUE((*embedder)->waits_for_network());
  const std::vector<std::string_view> texts = {"a", "b"};
  EXPECT_THAT(*(*embedder)->EmbedForSearch(texts, {}), ElementsAre(0, 1, 1, 0));
  ASSERT_THAT(server_.requests(), SizeIs(1));
  EXPECT_THAT(server_.requests()[0], HasSubstr(R"(["q: a","q: b"])"));
}

TEST_F(HttpEmbedderTest, EveryTryOfASearchSaysWhichTraceItIsPartOf) {
  constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto embedder = OpenHttpEmbedder(Options());
  ASSERT_TRUE(embedder.ok());
  const std::vector<std::string_view> texts = {"a"};
  server_.Enqueue(FakeError(503, R"({"error":"loading"})"));
  server_.SetDefault(Reply(Data({Vector(0, "1,0")})));
  ASSERT_TRUE((*embedder)->EmbedForSearch(texts, {.trace_parent = kTrace}).ok());
  ASSERT_TRUE((*embedder)->EmbedForSearch(texts, {}).ok());
  ASSERT_THAT(server_.requests(), SizeIs(3));
  const std::string header = Cat("\r\ntraceparent: ", kTrace, "\r\n");
  EXPECT_THAT(server_.requests()[0], HasSubstr(header));
  EXPECT_THAT(server_.requests()[1], HasSubstr(header));
  // Who indexes, or searches without a server, is part of none.
  EXPECT_THAT(server_.requests()[2], Not(HasSubstr("traceparent")));
}

TEST_F(HttpEmbedderTest, SearchesLeaveAServerAloneThatFailsAndFindOutWhenItWorks) {
  server_.SetDefault(FakeError(503, R"({"error":"loading"})"));
  HttpEmbedderOptions options = Options();
  options.circuit = {.failures = 2, .rest = absl::Hours(1)};
  const std::vector<std::string_view> texts = {"a"};
  const auto refused = OpenHttpEmbedder(options);
  ASSERT_TRUE(refused.ok());
  // Two searches of two tries each; from the third on nothing is sent.
  for (int search = 1; search <= 5; ++search) {
    const auto vectors = (*refused)->EmbedForSearch(texts, {});
    EXPECT_TRUE(absl::IsUnavailable(vectors.status())) << vectors.status();
    EXPECT_THAT(server_.requests(), SizeIs(search == 1 ? 2 : 4)) << search;
    EXPECT_THAT(std::string(vectors.status().message()),
                HasSubstr(search <= 2 ? "HTTP 503 loading" : "not asked"));
  }
  // Those who index are not kept from it.
  server_.Enqueue(Reply(Data({Vector(0, "1,0")})));
  EXPECT_TRUE((*refused)->EmbedPassages(texts).ok());

  options.circuit.rest = absl::ZeroDuration();
  const auto tried = OpenHttpEmbedder(options);
  ASSERT_TRUE(tried.ok());
  for (int search = 1; search <= 3; ++search)
    EXPECT_FALSE((*tried)->EmbedForSearch(texts, {}).ok());
  server_.SetDefault(Reply(Data({Vector(0, "1,0")})));
  EXPECT_TRUE((*tried)->EmbedForSearch(texts, {}).ok());
}

TEST_F(HttpEmbedderTest, WordsThatTheServerRefusesKeepNoOtherSearchFromIt) {
  HttpEmbedderOptions options = Options();
  options.circuit = {.failures = 1, .rest = absl::Hours(1)};
  const auto embedder = OpenHttpEmbedder(options);
  ASSERT_TRUE(embedder.ok());
  const std::vector<std::string_view> texts = {"a"};
  server_.Enqueue(FakeError(400, R"({"error":"too long"})"));
  server_.Enqueue(Reply(Data({Vector(0, "1,0")})));
  EXPECT_TRUE(absl::IsInvalidArgument((*embedder)->EmbedForSearch(texts, {}).status()));
  EXPECT_TRUE((*embedder)->EmbedForSearch(texts, {}).ok());
}

TEST_F(HttpEmbedderTest, TheDimensionIsAskedFor) {
  server_.Enqueue(Reply(Data({Vector(0, "1,2,3")})));
  EXPECT_EQ(AskDimension(Options()).value_or(0), 3U);
}

TEST_F(HttpEmbedderTest, TheFingerprintIsOfTheModelAndNotOfTheAddress) {
  HttpEmbedderOptions moved = Options();
  moved.url = "http://127.0.0.1:1/v1";
  moved.key = "other";
  HttpEmbedderOptions other = Options();
  other.model = "n";
  const std::string fingerprint = (*OpenHttpEmbedder(Options()))->fingerprint();
  EXPECT_EQ((*OpenHttpEmbedder(moved))->fingerprint(), fingerprint);
  EXPECT_NE((*OpenHttpEmbedder(other))->fingerprint(), fingerprint);
}

TEST_F(HttpEmbedderTest, WrongOptionsAreRefusedBeforeAnythingIsSent) {
  for (const char* url : {"", "h:1", "ftp://h", "http://u:p@h", "http://h/?q"}) {
    HttpEmbedderOptions options = Options();
    options.url = url;
    EXPECT_TRUE(absl::IsInvalidArgument(OpenHttpEmbedder(options).status())) << url;
  }
  HttpEmbedderOptions options = Options();
  options.key = "two words";
  EXPECT_TRUE(absl::IsInvalidArgument(OpenHttpEmbedder(options).status()));
  options = Options();
  options.dimension = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(OpenHttpEmbedder(options).status()));
}

TEST(EmbeddingKeyTest, TheEnvironmentWinsOverTheFile) {
  TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "key", " abc\n").ok());
  ::unsetenv("POLICYKB_EMBEDDING_KEY");
  EXPECT_EQ(ReadEmbeddingKey(folder / "key").value_or("?"), "abc");
  EXPECT_EQ(ReadEmbeddingKey("").value_or("?"), "");
  EXPECT_TRUE(absl::IsNotFound(ReadEmbeddingKey(folder / "none").status()));
  ::setenv("POLICYKB_EMBEDDING_KEY", "def", 1);
  EXPECT_EQ(ReadEmbeddingKey(folder / "key").value_or("?"), "def");
  ::unsetenv("POLICYKB_EMBEDDING_KEY");
}

TEST(EmbeddingsProtocolTest, EntriesWithoutIndexStandInOrder) {
  const auto vectors =
      DecodeEmbeddings(R"({"data":[{"embedding":[1,0]},{"embedding":[0,-1]}]})", 2, 0);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_THAT(*vectors, ElementsAre(1, 0, 0, -1));
}

TEST(EmbeddingsProtocolTest, AnIndexTwiceIsRefused) {
  const auto vectors = DecodeEmbeddings(Data({Vector(0, "1"), Vector(0, "1")}), 2, 1);
  EXPECT_THAT(std::string(vectors.status().message()), HasSubstr("index 0 stands twice"));
}

TEST(EmbeddingsProtocolTest, MalformedTextIsSentAsReplacement) {
  const std::vector<std::string> texts = {"a\xFF"};
  EXPECT_THAT(EncodeEmbeddingsRequest("m", texts), HasSubstr("a\xEF\xBF\xBD"));
}

}  // namespace
}  // namespace policykb
