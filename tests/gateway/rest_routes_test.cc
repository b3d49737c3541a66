// The REST routes over real connections, against servers that answer what the test says.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class RestRoutesTest : public testing::Test {
 protected:
  RawResponse Get(std::string_view target) { return Fetch(upstream_.address(), "GET", target); }
  RawResponse Post(std::string_view target, std::string_view body, std::string_view headers = "") {
    return Fetch(upstream_.address(), "POST", target, headers, body);
  }

  FakeUpstream upstream_;
};

TEST_F(RestRoutesTest, ASearchIsAskedAndAnsweredInJson) {
  const RawResponse response =
      Post("/v1/search", R"({"query":"养犬","k":3,"filter":{"kinds":["law"]}})");
  EXPECT_EQ(response.code, 200);
  EXPECT_THAT(response.body, StartsWith(R"({"hits":[{"passage":{"name":"documents/law/)"));
  EXPECT_THAT(response.body, HasSubstr(R"("documentTitle":"养犬管理条例")"));
  EXPECT_EQ(response.Header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.Header("Cache-Control"), "no-store");
  const SeenCall seen = upstream_.seen().Last();
  EXPECT_THAT(seen.request, HasSubstr("k: 3 filter { kinds: \"law\" }"));
  // Nobody sees more than is public of a gateway that cannot tell its callers apart.
  EXPECT_EQ(seen.caller, "everybody");
  EXPECT_EQ(seen.labels, "public");
}

TEST_F(RestRoutesTest, PathsAndParametersFillTheRequest) {
  EXPECT_EQ(Get("/v1/documents/law?asOfDate=2020-01-02").code, 200);
  EXPECT_EQ(upstream_.seen().Last().request, R"(name: "documents/law" as_of_date: "2020-01-02")");
  EXPECT_EQ(Get("/v1/provisions/law/art1").code, 200);
  EXPECT_EQ(upstream_.seen().Last().request, R"(names: "documents/law/provisions/art1")");
  EXPECT_EQ(Get("/v1/documents?kind=law&kind=guide&pageSize=2&includeNotInForce=true").code, 200);
  EXPECT_EQ(upstream_.seen().Last().request,
            R"(kinds: "law" kinds: "guide" include_not_in_force: true page_size: 2)");
  EXPECT_THAT(Get("/v1/snapshot").body, HasSubstr(R"("passages":"1099511627776")"));
}

TEST_F(RestRoutesTest, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(Get("/v1/documents/none").code, 404);
  EXPECT_THAT(Get("/v1/provisions/law/art2").body, StartsWith(R"({"code":5,"message":)"));
  EXPECT_EQ(Get("/v1/nothing").code, 404);
  EXPECT_EQ(Get("/v1/documents/law/more").code, 404);
  EXPECT_EQ(Get("/v1/documents/").code, 404);
}

TEST_F(RestRoutesTest, AnswersAndFeedbackAreGiven) {
  const RawResponse response = Post("/v1/answers", R"({"spec":{"question":"收费吗"}})");
  EXPECT_EQ(response.code, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("status":"ANSWER_STATUS_ANSWERED")"));
  EXPECT_THAT(response.body, HasSubstr(R"("answerId":"a1")"));
  EXPECT_EQ(
      Post("/v1/feedback", R"({"answerId":"a1","rating":"RATING_HELPFUL","comment":"好"})").body,
      "{}");
  EXPECT_THAT(upstream_.seen().Last().request, HasSubstr("rating: RATING_HELPFUL"));
}

TEST_F(RestRoutesTest, EventsOfAnAnswerCarryTheirNames) {
  const RawResponse response = Post("/v1/answers:stream", R"({"spec":{"question":"收费吗"}})");
  EXPECT_EQ(response.code, 200);
  EXPECT_EQ(response.Header("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_THAT(response.body, StartsWith("event: searchDone\ndata: {\"searchDone\":{\"hits\":1}}\n\n"
                                        "event: sentence\ndata: {\"sentence\":{\"sentence\":"));
  EXPECT_THAT(response.body, HasSubstr("\n\nevent: final\ndata: {\"final\":"));
  EXPECT_THAT(response.body, HasSubstr("\"answerId\":\"a1\"}\n\n"));
}

TEST_F(RestRoutesTest, AnErrorBeforeTheFirstEventIsTheResponsesOwn) {
  EXPECT_EQ(Post("/v1/answers:stream", R"({"spec":{}})").code, 400);
  const RawResponse away = Post("/v1/answers:stream", R"({"spec":{"question":"away"}})");
  EXPECT_EQ(away.code, 503);
  EXPECT_EQ(away.Header("Content-Type"), "application/json; charset=utf-8");
}

TEST_F(RestRoutesTest, AnErrorBehindTheFirstEventIsAnEvent) {
  const RawResponse response = Post("/v1/answers:stream", R"({"spec":{"question":"broken"}})");
  EXPECT_EQ(response.code, 200);
  EXPECT_THAT(response.body, HasSubstr("event: error\ndata: {\"code\":15,\"message\":"));
  // Where a server stands and what is wrong inside is nobody's business but the operator's.
  EXPECT_THAT(response.body, Not(HasSubstr("10.0.0.7")));
}

TEST_F(RestRoutesTest, ErrorsOfServersKeepTheirCodeAndNotTheirAddress) {
  const RawResponse busy = Post("/v1/search", R"({"query":"busy"})");
  EXPECT_EQ(busy.code, 429);
  EXPECT_EQ(busy.Header("Retry-After"), "2");
  EXPECT_THAT(busy.body, HasSubstr(R"("@type":"type.googleapis.com/google.rpc.RetryInfo",)"
                                   R"("retryDelay":"2s")"));
  const RawResponse away = Post("/v1/search", R"({"query":"away"})");
  EXPECT_EQ(away.code, 503);
  EXPECT_THAT(away.body, Not(HasSubstr("10.0.0.7")));
  upstream_.StopRetriever();
  const RawResponse gone = Post("/v1/search", R"({"query":"养犬"})");
  EXPECT_EQ(gone.code, 503);
  EXPECT_THAT(gone.body, Not(HasSubstr("127.0.0.1")));
}

TEST_F(RestRoutesTest, MalformedRequestsAreTheCallersFault) {
  for (const char* body :
       {"{", "[]", "\"a\"", "1", "null x", R"({"query":)", R"({"unknown":1})", R"({"k":"many"})",
        R"({"k":1.5})", R"({"k":99999999999})", R"({"query":["a"]})", R"({"query":{"a":1}})",
        R"({"filter":"all"})", R"({"explain":"yes"})", "\xFF\xFE", R"({"query":"a"} trailing)"}) {
    const RawResponse response = Post("/v1/search", body);
    EXPECT_EQ(response.code, 400) << body;
    EXPECT_THAT(response.body, StartsWith(R"({"code":3,"message":")")) << body;
  }
  EXPECT_EQ(Post("/v1/search?query=a", "{}").code, 400);
  EXPECT_EQ(Get("/v1/documents/law?asOfDate=a&asOfDate=b").code, 400);
  EXPECT_EQ(Get("/v1/documents/law?name=documents/other").code, 400);
  EXPECT_EQ(Get("/v1/documents/law?unknown=1").code, 400);
  EXPECT_EQ(Get("/v1/admin/status?of=indexer").code, 400);
  EXPECT_THAT(upstream_.seen().All(), IsEmpty());
}

TEST_F(RestRoutesTest, NestingHasAnEnd) {
  EXPECT_EQ(Post("/v1/search", Cat(R"({"filter":)", std::string(20000, '['))).code, 400);
  EXPECT_EQ(Post("/v1/search", std::string(20000, '{')).code, 400);
}

TEST_F(RestRoutesTest, UnknownMethodsAreToldTheKnownOnes) {
  for (const char* verb : {"PUT", "OPTIONS", "TRACE", "CONNECT", "PATCH", "BREW"}) {
    const RawResponse response = Fetch(upstream_.address(), verb, "/v1/search");
    EXPECT_EQ(response.code, 405) << verb;
    EXPECT_EQ(response.Header("Allow"), "POST") << verb;
  }
  EXPECT_EQ(Fetch(upstream_.address(), "PUT", "/session").Header("Allow"),
            "GET, HEAD, POST, DELETE");
}

TEST_F(RestRoutesTest, HeadIsGetWithoutTheBody) {
  const RawResponse response = Fetch(upstream_.address(), "HEAD", "/healthz");
  EXPECT_EQ(response.code, 200);
  EXPECT_EQ(response.Header("Content-Length"), "20");
}

TEST_F(RestRoutesTest, ATraceGoesOnAndAMalformedOneDoesNot) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  Post("/v1/search", R"({"query":"a"})",
       Cat("traceparent: 00-", trace, "-00f067aa0ba902b7-01\r\n"));
  EXPECT_THAT(upstream_.seen().Last().trace_parent, HasSubstr(trace));
  Post("/v1/search", R"({"query":"a"})", "traceparent: 00-x\r\n");
  EXPECT_THAT(upstream_.seen().Last().trace_parent, StartsWith("00-"));
  EXPECT_THAT(upstream_.seen().Last().trace_parent, Not(HasSubstr(trace)));
}

TEST_F(RestRoutesTest, PagesOfOtherSitesCannotAskThroughABrowser) {
  const std::string own = Cat("Origin: http://", upstream_.address(), "\r\n");
  EXPECT_EQ(Post("/v1/search", R"({"query":"a"})", own).code, 200);
  EXPECT_EQ(Post("/v1/search", R"({"query":"a"})", "Origin: http://evil.example\r\n").code, 403);
  EXPECT_EQ(Post("/v1/search", R"({"query":"a"})", "Origin: null\r\n").code, 403);
  // A name that was made to mean this machine.
  RawHttp client(upstream_.address());
  client.Send("GET /v1/snapshot HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n");
  EXPECT_EQ(client.Receive().code, 403);
}

TEST(OpenGatewayTest, WhatIsForOperatorsIsForThisMachineWhereNobodyIsKnown) {
  FakeUpstream open({.gateway = {.on_loopback = false}});
  EXPECT_EQ(Fetch(open.address(), "GET", "/v1/admin/snapshots").code, 403);
  EXPECT_EQ(Fetch(open.address(), "POST", "/v1/admin/snapshots/a:rollBack").code, 403);
  EXPECT_EQ(Fetch(open.address(), "GET", "/v1/snapshot").code, 200);
}

TEST_F(RestRoutesTest, WhoGoesAwayIsNotSearchedFor) {
  {
    RawHttp client(upstream_.address());
    client.Send(Cat("POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 16\r\n\r\n",
                    R"({"query":"slow"})"));
    while (upstream_.seen().All().empty()) absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(upstream_.seen().AwaitCancelled(1));
}

TEST_F(RestRoutesTest, WhoStopsListeningToAStreamEndsIt) {
  {
    RawHttp client(upstream_.address());
    client.Send(
        Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 28\r\n\r\n",
            R"({"spec":{"question":"slow"}})"));
    EXPECT_THAT(client.ReceiveUntil("event: sentence"), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_TRUE(upstream_.seen().AwaitCancelled(1));
}

}  // namespace
}  // namespace policykb
