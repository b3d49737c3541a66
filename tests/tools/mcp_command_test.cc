#include "tools/mcp_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// What comes out for these lines, with servers that are away.
std::string RepliesTo(const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  const absl::Status status = RunMcp({.retriever = {.address = "127.0.0.1:1"},
                                      .generator = {.address = "127.0.0.1:1"},
                                      .seconds = 5,
                                      .console_url = {}},
                                     in, out);
  EXPECT_TRUE(status.ok()) << status;
  return out.str();
}

TEST(McpCommandTest, EachLineIsAMessageAndEachReplyALine) {
  EXPECT_EQ(RepliesTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n"
                      "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\r\n"
                      "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"ping\"}"),
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n"
            "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"result\":{}}\n");
  EXPECT_EQ(RepliesTo(""), "");
}

TEST(McpCommandTest, WhatIsNoMessageIsToldSoAndTheNextOneIsAnswered) {
  const std::string ping = "\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
  for (const std::string& line : {std::string("nonsense"), std::string(3 << 20, '[')}) {
    const std::string out = RepliesTo(line + ping);
    EXPECT_THAT(out, HasSubstr("\"code\":-32700"));
    EXPECT_THAT(out, HasSubstr("\"result\":{}}\n"));
  }
}

TEST(McpCommandTest, WhatIsUnderWayAtTheEndIsAnsweredStill) {
  EXPECT_THAT(RepliesTo(R"({"jsonrpc":"2.0","id":7,"method":"tools/call",)"
                        R"("params":{"name":"search_policy","arguments":{"query":"a"}}})"),
              HasSubstr(R"("isError":true)"));
}

}  // namespace
}  // namespace policykb
