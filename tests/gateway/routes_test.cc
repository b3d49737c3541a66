#include "generator/gateway/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/rpc/method_rules.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(RoutesTest, EveryMethodThatARouteStandsForHasARule) {
  for (const Route& route : Routes()) {
    if (route.method.empty()) continue;
    EXPECT_FALSE(RolesFor(route.method).empty()) << route.name;
  }
}

TEST(RoutesTest, VariablesAreSegmentsOfThePath) {
  const RouteMatch match = FindRoute("GET", {"v1", "provisions", "law", "art5~2"});
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->name, "GET /v1/provisions/{document}/{address}");
  EXPECT_THAT(match.variables, ElementsAre(Pair("document", "law"), Pair("address", "art5~2")));
  EXPECT_EQ(FillIn(match.route->value, match.variables), "documents/law/provisions/art5~2");
}

TEST(RoutesTest, AnEmptySegmentIsNoVariable) {
  EXPECT_EQ(FindRoute("GET", {"v1", "documents", ""}).route, nullptr);
  EXPECT_TRUE(FindRoute("GET", {"v1", "documents", ""}).allow.empty());
}

TEST(RoutesTest, HeadIsTakenForGetAndOthersAreToldWhatThereIs) {
  EXPECT_NE(FindRoute("HEAD", {"healthz"}).route, nullptr);
  const RouteMatch match = FindRoute("PUT", {"session"});
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "GET, HEAD, POST, DELETE");
}

TEST(RoutesTest, ValuesThatLookLikePlacesAreNotFilledInAgain) {
  EXPECT_EQ(FillIn("documents/{a}/{b}", {{"a", "{b}"}, {"b", "x"}}), "documents/{b}/x");
}

}  // namespace
}  // namespace policykb
