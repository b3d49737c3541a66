// The Model Context Protocol over HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "generator/gateway/mcp_protocol.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class McpTest : public testing::Test {
 protected:
  RawResponse Send(std::string_view message, std::string_view headers = "") {
    return Fetch(upstream_.address(), "POST", "/mcp", headers, message);
  }
  std::string Ask(std::string_view method, std::string_view params = "{}") {
    const RawResponse response =
        Send(Cat(R"({"jsonrpc":"2.0","id":7,"method":")", method, R"(","params":)", params, "}"));
    EXPECT_EQ(response.code, 200) << response.body;
    return response.body;
  }
  std::string Tool(std::string_view name, std::string_view arguments) {
    return Ask("tools/call", Cat(R"({"name":")", name, R"(","arguments":)", arguments, "}"));
  }
  FakeUpstream upstream_;
};

TEST_F(McpTest, TheRevisionIsAgreedOn) {
  EXPECT_THAT(Ask("initialize", R"({"protocolVersion":"2024-11-05"})"),
              HasSubstr(R"("protocolVersion":"2024-11-05")"));
  EXPECT_THAT(Ask("initialize", R"({"protocolVersion":"1999-01-01"})"),
              HasSubstr(R"("protocolVersion":"2025-06-18")"));
  EXPECT_EQ(Ask("ping"), R"({"jsonrpc":"2.0","id":7,"result":{}})");
  EXPECT_EQ(Send("{}", "MCP-Protocol-Version: 1999-01-01\r\n").code, 400);
  const RawResponse told = Send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                                "MCP-Protocol-Version: 2025-06-18\r\n");
  EXPECT_EQ(told.code, 202);
  EXPECT_THAT(told.body, IsEmpty());
}

TEST_F(McpTest, ToolsAreListedAndCalled) {
  const std::string tools = Ask("tools/list");
  for (const char* name : {"search_policy", "get_provision", "answer_question", "inputSchema"})
    EXPECT_THAT(tools, HasSubstr(name));
  const std::string found =
      Tool("search_policy", R"({"query":"养犬","k":3,"kinds":["law"],"asOfDate":"2020-01-01"})");
  EXPECT_THAT(found, HasSubstr(R"("structuredContent":{"asOfDate":"","passages":[{)"));
  EXPECT_THAT(upstream_.seen().Last().request,
              HasSubstr(R"(k: 3 as_of_date: "2020-01-01" filter { kinds: "law" })"));
  EXPECT_THAT(Tool("get_provision", R"({"name":"documents/law/provisions/art1"})"),
              HasSubstr("养犬须登记。"));
  const std::string answer = Tool("answer_question", R"({"question":"收费吗"})");
  EXPECT_THAT(answer, HasSubstr(R"("status":"ANSWER_STATUS_ANSWERED")"));
  EXPECT_THAT(answer, HasSubstr(R"("isError":false)"));
}

TEST_F(McpTest, AToolThatFailsTellsTheAgent) {
  EXPECT_THAT(
      Tool("search_policy", R"({"query":1})"),
      HasSubstr(R"({"text":"body: query: expected a string","type":"text"}],"isError":true)"));
  EXPECT_THAT(Tool("search_policy", R"({"query":"a","unknown":1})"),
              HasSubstr(R"("isError":true)"));
  EXPECT_THAT(Tool("search_policy", "[]"), HasSubstr(R"("isError":true)"));
  EXPECT_THAT(Tool("get_provision", R"({"name":"documents/law/provisions/art2"})"),
              HasSubstr(R"("isError":true)"));
  const std::string away = Tool("search_policy", R"({"query":"away"})");
  EXPECT_THAT(away, HasSubstr(R"("isError":true)"));
  EXPECT_THAT(away, Not(HasSubstr("10.0.0.7")));
  EXPECT_THAT(Tool("drop_tables", "{}"), HasSubstr(R"("code":-32602)"));
}

TEST_F(McpTest, DocumentsAreResources) {
  const std::string list = Ask("resources/list");
  EXPECT_THAT(list, HasSubstr(R"("uri":"policykb://documents/law%20%E6%B3%95")"));
  EXPECT_THAT(list, HasSubstr(R"("nextCursor":"p2")"));
  EXPECT_THAT(Ask("resources/list", R"({"cursor":"p2"})"), Not(HasSubstr("nextCursor")));
  EXPECT_THAT(Ask("resources/list", R"({"cursor":"bad"})"), HasSubstr(R"("code":-32602)"));
  EXPECT_THAT(Ask("resources/templates/list"), HasSubstr("policykb://documents/{document}"));
  EXPECT_THAT(Ask("resources/read", R"({"uri":"policykb://documents/law"})"),
              HasSubstr("第一条　养犬须登记。"));
  EXPECT_THAT(Ask("resources/read", R"({"uri":"policykb://documents/law/provisions/art1"})"),
              HasSubstr("养犬须登记。"));
  EXPECT_THAT(Ask("resources/read", R"({"uri":"policykb://documents/none"})"),
              HasSubstr(R"("code":-32002)"));
  for (const char* uri : {"", "file:///etc/passwd", "policykb://documents/",
                          "policykb://documents/..", "policykb://documents/%2e%2e",
                          "policykb://documents/a%2fb", "policykb://documents/a/b/c"}) {
    EXPECT_THAT(Ask("resources/read", Cat(R"({"uri":")", uri, "\"}")), HasSubstr("-32602")) << uri;
  }
}

TEST_F(McpTest, WhatIsNoRequestIsToldSo) {
  EXPECT_THAT(Send("{").body, HasSubstr(R"("code":-32700)"));
  EXPECT_EQ(Send("{").code, 400);
  for (const char* message :
       {"[]", "1", "{}", R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
        R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","id":{},"method":"ping"})",
        R"({"jsonrpc":"2.0","id":null,"method":"ping"})", R"({"jsonrpc":"2.0","id":1,"method":1})",
        R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])"}) {
    EXPECT_THAT(Send(message).body, HasSubstr(R"("code":-32600)")) << message;
  }
  EXPECT_THAT(Ask("prompts/list"), HasSubstr(R"("code":-32601)"));
  EXPECT_THAT(Ask("ping", "[]"), HasSubstr(R"("code":-32602)"));
  EXPECT_EQ(Send(R"({"jsonrpc":"2.0","id":1,"result":{}})").code, 202);
  EXPECT_EQ(Fetch(upstream_.address(), "GET", "/mcp").code, 405);
  EXPECT_EQ(Fetch(upstream_.address(), "DELETE", "/mcp").code, 405);
  EXPECT_EQ(Send("{}", "Origin: http://evil.example\r\n").code, 403);
}

TEST_F(McpTest, CallersSeeWhatTheyMaySee) {
  const std::string key = MakeApiKey();
  FakeUpstream closed(
      {.access_toml = Cat("labels = ['public']\n[[principal]]\nname = 'agent'\nroles = ['staff']\n"
                          "labels = ['public']\nkeys = ['",
                          ApiKeyHash::Of(key)->ToString(), "']\n")});
  const std::string_view search =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_policy","arguments":{"query":"a"}}})";
  EXPECT_EQ(Fetch(closed.address(), "POST", "/mcp", "", search).code, 401);
  EXPECT_EQ(
      Fetch(closed.address(), "POST", "/mcp", Cat("Authorization: Bearer ", key, "\r\n"), search)
          .code,
      200);
  EXPECT_EQ(closed.seen().Last().caller, "agent");
}

}  // namespace
}  // namespace policykb
