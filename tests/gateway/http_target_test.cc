#include "generator/gateway/http_target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(HttpTargetTest, SegmentsAndParametersAreDecodedOnce) {
  const auto target = ParseHttpTarget("/v1/documents/%E6%B3%95%20a+b?kind=law&query=a+b%26c&x&y=");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_THAT(target->segments, ElementsAre("v1", "documents", "法 a+b"));
  EXPECT_THAT(target->parameters, ElementsAre(Pair("kind", "law"), Pair("query", "a b&c"),
                                              Pair("x", ""), Pair("y", "")));
  // An encoded percent sign is a percent sign, not the beginning of another one.
  EXPECT_THAT(ParseHttpTarget("/%252e%252e")->segments, ElementsAre("%2e%2e"));
}

TEST(HttpTargetTest, RootHasOneEmptySegment) {
  EXPECT_THAT(ParseHttpTarget("/")->segments, ElementsAre(""));
  EXPECT_THAT(ParseHttpTarget("/?a=b")->segments, ElementsAre(""));
  EXPECT_THAT(ParseHttpTarget("/a/")->segments, ElementsAre("a", ""));
}

TEST(HttpTargetTest, PathsThatCouldMeanAnotherRouteAreRefused) {
  for (const char* target :
       {"",        "v1/search", "http://host/v1", "*",       "?a",     "/a/../b", "/./a",
        "/a//b",   "//host/a",  "/%2e%2e/a",      "/%2E/a",  "/a%2Fb", "/a%2fb",  "/a%5Cb",
        "/a\\b",   "/a%00b",    "/a%0d%0ab",      "/%",      "/%4",    "/%zz",    "/a?%",
        "/a?b=%f", "/%ff",      "/%c0%ae",        "/a?b=%ff"}) {
    EXPECT_EQ(ParseHttpTarget(target).status().code(), absl::StatusCode::kInvalidArgument)
        << target;
  }
}

TEST(HttpTargetTest, LengthAndNumberOfParametersAreLimited) {
  EXPECT_TRUE(ParseHttpTarget("/" + std::string(8191, 'a')).ok());
  EXPECT_FALSE(ParseHttpTarget("/" + std::string(8192, 'a')).ok());
  std::string many = "/?a";
  for (int i = 1; i < 100; ++i) many += "&a";
  EXPECT_TRUE(ParseHttpTarget(many).ok());
  EXPECT_FALSE(ParseHttpTarget(many + "&a").ok());
}

TEST(CookieTest, TheValueOfTheOnlyCookieOfANameIsFound) {
  EXPECT_EQ(CookieValue("a=1; policykb_session=x.y=z ; b=2", "policykb_session"), "x.y=z");
  EXPECT_THAT(CookieValue("a=1; xpolicykb_session=2", "policykb_session"), IsEmpty());
  // Whoever can set a second one must not win by order.
  EXPECT_THAT(CookieValue("s=1; s=2", "s"), IsEmpty());
  EXPECT_THAT(CookieValue("", "s"), IsEmpty());
}

}  // namespace
}  // namespace policykb
