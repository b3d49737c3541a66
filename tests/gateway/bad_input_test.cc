// What clients should not send, over real sockets: the right answer, nothing hung, and the next
// client served.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// So short that no test waits long, so long that a busy machine is no slow client.
constexpr HttpLimits kShortLimits = {.connections = 40,
                                     .header_time = absl::Milliseconds(400),
                                     .body_time = absl::Milliseconds(400),
                                     .idle_time = absl::Milliseconds(800),
                                     .write_time = absl::Milliseconds(400),
                                     .keep_alive_after = absl::Milliseconds(200)};

class GatewayBadInputTest : public testing::Test {
 protected:
  GatewayBadInputTest() : upstream_({.limits = kShortLimits}) {}
  ~GatewayBadInputTest() override {
    EXPECT_EQ(Fetch(upstream_.address(), "GET", "/healthz").code, 200);
  }

  // The code of the response to these bytes, after which the connection is closed.
  int CodeOf(std::string_view bytes) {
    RawHttp client(upstream_.address());
    client.Send(bytes);
    const RawResponse response = client.Receive();
    EXPECT_EQ(response.Header("Connection"), "close") << bytes.substr(0, 100);
    EXPECT_TRUE(client.IsClosed()) << bytes.substr(0, 100);
    return response.code;
  }

  FakeUpstream upstream_;
};

TEST_F(GatewayBadInputTest, WhatIsNoHttpIsABadRequest) {
  for (const char* bytes :
       {"\r\n\r\n\r\nx", "GET\r\n\r\n", "GET /\r\n\r\n", "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nnonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"}) {
    EXPECT_EQ(CodeOf(bytes), 400) << bytes;
  }
  EXPECT_EQ(CodeOf("GET / HTTP/1.1 x\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(CodeOf("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(CodeOf(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) +
                   std::string(100, 'x') + "\r\n\r\n"),
            400);
}

TEST_F(GatewayBadInputTest, ARequestWithTwoLengthsIsNone) {
  const std::string post = "POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const char* headers :
       {"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding: chunked, gzip\r\n\r\n",
        "Content-Length: -1\r\n\r\n", "Content-Length: +2\r\n\r\n{}", "Content-Length: 2x\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_EQ(CodeOf(post + headers), 400) << headers;
  }
}

TEST_F(GatewayBadInputTest, WhatIsTooLargeIsRefusedBeforeItIsRead) {
  const std::string post = "POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  EXPECT_EQ(CodeOf(Cat(post, "Content-Length: 1048577\r\n\r\n")), 413);
  EXPECT_EQ(
      CodeOf(Cat(post, "Transfer-Encoding: chunked\r\n\r\n100001\r\n", std::string(0x100001, ' '))),
      413);
  EXPECT_EQ(CodeOf(Cat("GET / HTTP/1.1\r\nHost: a\r\nX: ", std::string(17 << 10, 'a'))), 431);
  EXPECT_EQ(CodeOf(Cat("GET /", std::string(17 << 10, 'a'))), 431);
  // Exactly as much as may be.
  EXPECT_EQ(Fetch(upstream_.address(), "POST", "/v1/search", "", std::string(1 << 20, ' ')).code,
            400);
}

TEST_F(GatewayBadInputTest, SlowClientsAreToldSoAndLeft) {
  for (const char* bytes : {"GET / HTT", "GET / HTTP/1.1\r\nHost: a\r\nX: ",
                            "POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                            "10\r\n\r\n{"}) {
    EXPECT_EQ(CodeOf(bytes), 408) << bytes;
  }
}

TEST_F(GatewayBadInputTest, AHeaderThatComesByteByByteHasOneLimitForAll) {
  RawHttp client(upstream_.address());
  const absl::Time began = absl::Now();
  client.Send("GET / HTTP/1.1\r\nX: ");
  // As long as the server listens.
  for (int i = 0; i < 20; ++i) {
    client.Send("a");
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_EQ(client.Receive().code, 408);
  EXPECT_LT(absl::Now() - began, absl::Seconds(8));
}

TEST_F(GatewayBadInputTest, SilentConnectionsAreClosed) {
  RawHttp fresh(upstream_.address());
  EXPECT_TRUE(fresh.IsClosed());
  RawHttp used(upstream_.address());
  used.Send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_EQ(used.Receive().code, 200);
  EXPECT_TRUE(used.IsClosed());
}

TEST_F(GatewayBadInputTest, WhoDoesNotReadItsStreamIsCutOffAndItsAnswerCancelled) {
  RawHttp client(upstream_.address());
  client.Send(
      Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 28\r\n\r\n",
          R"({"spec":{"question":"long"}})"));
  // Twenty megabytes do not fit what lies between the two, as long as nothing is read.
  EXPECT_TRUE(upstream_.seen().AwaitCancelled(1));
}

TEST_F(GatewayBadInputTest, AStreamInWhichNothingHappensIsKeptAlive) {
  RawHttp client(upstream_.address());
  client.Send(
      Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 28\r\n\r\n",
          R"({"spec":{"question":"slow"}})"));
  EXPECT_THAT(client.ReceiveUntil(": keep-alive\n\n"), HasSubstr("event: sentence"));
  EXPECT_THAT(client.ReceiveUntil(": keep-alive\n\n"), HasSubstr(": keep-alive"));
}

TEST_F(GatewayBadInputTest, PathsLeadNowhereButToFilesThatThereAre) {
  for (const char* target :
       {"/assets/../openapi.json", "/assets/..%2f..%2fetc/passwd", "/assets/%2e%2e/x",
        "/assets//etc/passwd", "/assets/a%00.js", "/assets/..\\x", "//evil.example/",
        "http://127.0.0.1/healthz", "/assets/%"}) {
    EXPECT_EQ(Fetch(upstream_.address(), "GET", target).code, 400) << target;
  }
  EXPECT_EQ(Fetch(upstream_.address(), "GET", "/assets/nothing.js").code, 404);
  EXPECT_EQ(Fetch(upstream_.address(), "GET", "/assets/").code, 404);
}

TEST_F(GatewayBadInputTest, NothingThatIsSentBecomesAHeader) {
  const RawResponse response =
      Fetch(upstream_.address(), "GET", "/v1/documents/a%0d%0aSet-Cookie:%20b=c");
  EXPECT_EQ(response.code, 400);
  EXPECT_THAT(response.head, Not(HasSubstr("Set-Cookie")));
  const RawResponse missing = Fetch(upstream_.address(), "GET", "/v1/documents/a%C2%85b%E2%80%A8");
  EXPECT_EQ(missing.code, 404);
  EXPECT_THAT(missing.head, Not(HasSubstr("\xC2")));
}

TEST_F(GatewayBadInputTest, RequestsBehindEachOtherAreAnsweredInTurn) {
  RawHttp client(upstream_.address());
  client.Send(Cat("POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 13\r\n\r\n",
                  R"({"query":"a"})",
                  "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /nothing "
                  "HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
  EXPECT_THAT(client.Receive().body, StartsWith(R"({"hits":)"));
  EXPECT_THAT(client.Receive().body, HasSubstr("SERVING"));
  EXPECT_EQ(client.Receive().code, 404);
}

TEST_F(GatewayBadInputTest, ABodyThatIsWaitedForIsAskedFor) {
  RawHttp client(upstream_.address());
  client.Send(
      "POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: "
      "13\r\n\r\n");
  EXPECT_EQ(client.Receive().code, 100);
  client.Send(R"({"query":"a"})");
  EXPECT_EQ(client.Receive().code, 200);
  EXPECT_EQ(CodeOf("POST /v1/search HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n"), 417);
}

TEST_F(GatewayBadInputTest, ClientsOfHttp10GetAStreamThatEndsWithTheConnection) {
  RawHttp client(upstream_.address());
  client.Send(Cat("POST /v1/answers:stream HTTP/1.0\r\nContent-Length: 25\r\n\r\n",
                  R"({"spec":{"question":"a"}})"));
  const std::string all = client.ReceiveUntil("never");
  EXPECT_THAT(all, Not(HasSubstr("chunked")));
  EXPECT_THAT(all, HasSubstr("\r\n\r\nevent: searchDone\ndata: "));
  EXPECT_THAT(all, HasSubstr("event: final"));
}

TEST(GatewayConnectionsTest, OneTooManyIsTurnedAwayWhileEachHasARequest) {
  FakeUpstream upstream({.limits = {.connections = 3}});
  std::vector<std::unique_ptr<RawHttp>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<RawHttp>(upstream.address()));
    clients.back()->Send(
        Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 28\r\n\r\n",
            R"({"spec":{"question":"slow"}})"));
    EXPECT_THAT(clients.back()->ReceiveUntil("event: sentence"), HasSubstr("200 OK"));
  }
  RawHttp one_more(upstream.address());
  const RawResponse response = one_more.Receive();
  EXPECT_EQ(response.code, 503);
  EXPECT_EQ(response.Header("Retry-After"), "1");
  clients.clear();
  while (upstream.server().connections() > 0) absl::SleepFor(absl::Milliseconds(10));
}

TEST(GatewayConnectionsTest, OneTooManyTakesThePlaceOfTheLongestIdle) {
  FakeUpstream upstream({.limits = {.connections = 3}});
  const auto await_idle = [&](int connections) {
    while (upstream.server().idle_connections() != connections)
      absl::SleepFor(absl::Milliseconds(1));
  };
  // Asks, and waits until so many connections are idle.
  const auto ask = [&](RawHttp& client, int idle) {
    client.Send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    const int code = client.Receive().code;
    await_idle(idle);
    return code;
  };
  RawHttp first(upstream.address());
  EXPECT_EQ(ask(first, 1), 200);
  RawHttp second(upstream.address());
  EXPECT_EQ(ask(second, 2), 200);
  RawHttp third(upstream.address());
  EXPECT_EQ(ask(third, 3), 200);
  // Idle for longest is now the second.
  EXPECT_EQ(ask(first, 3), 200);
  RawHttp fourth(upstream.address());
  EXPECT_EQ(ask(fourth, 3), 200);
  EXPECT_TRUE(second.IsClosed());
  for (RawHttp* client : {&third, &first, &fourth}) EXPECT_EQ(ask(*client, 3), 200);
  // One that never asked anything is idle as well.
  RawHttp silent(upstream.address());
  EXPECT_TRUE(third.IsClosed());
  await_idle(3);
  for (RawHttp* client : {&first, &fourth}) EXPECT_EQ(ask(*client, 3), 200);
  RawHttp sixth(upstream.address());
  EXPECT_EQ(ask(sixth, 3), 200);
  EXPECT_TRUE(silent.IsClosed());
}

TEST(GatewayStopTest, AStopLetsAnswersEndAndTakesNoMore) {
  FakeUpstream upstream;
  RawHttp idle(upstream.address());
  idle.Send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_EQ(idle.Receive().code, 200);
  RawHttp waiting(upstream.address());
  waiting.Send(
      Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 28\r\n\r\n",
          R"({"spec":{"question":"slow"}})"));
  EXPECT_THAT(waiting.ReceiveUntil("event: sentence"), HasSubstr("200 OK"));
  upstream.server().Shutdown();
  EXPECT_TRUE(idle.IsClosed());
  // It would never have ended by itself: cut off after the limit, and its answer cancelled.
  EXPECT_TRUE(upstream.seen().AwaitCancelled(1));
}

}  // namespace
}  // namespace policykb
