#include "core/rpc/access_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A hash in the form of one, its id ending in `digit`.
std::string Hash(char digit) {
  return Cat("sha256:000000000000000", digit, ":", std::string(32, 'a'), ":", std::string(64, 'b'));
}

std::string Error(const std::string& text) {
  const auto file = ParseAccessFile(text, "access.toml");
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(file.status().message());
}

std::string Principal(const std::string& lines) {
  return Cat("labels = ['public', 'internal']\n[[principal]]\n", lines);
}

TEST(AccessFileTest, ReadsEveryKey) {
  const auto file = ParseAccessFile(
      Cat("labels = ['public', '内部']\n[anonymous]\nroles = ['kiosk']\nlabels = ['public']\n"
          "[[principal]]\nname = 'desk'\nroles = ['staff', 'data']\nlabels = ['public', '内部']\n"
          "keys = ['",
          Hash('1'), "', '", Hash('2'),
          "']\ncertificates = ['desk.example', 'spiffe://hall/desk']\ncalls_per_second = 0.5\n"
          "burst = 3\nconcurrent_calls = 4\n"),
      "access.toml");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(file->labels, ElementsAre("public", "内部"));
  ASSERT_TRUE(file->anonymous);
  EXPECT_EQ(file->anonymous->roles, RoleSet({Role::kKiosk}));
  ASSERT_EQ(file->principals.size(), 1u);
  const PrincipalEntry& desk = file->principals.front();
  EXPECT_EQ(desk.principal.name, "desk");
  EXPECT_EQ(desk.principal.roles, RoleSet({Role::kStaff, Role::kData}));
  EXPECT_THAT(desk.principal.labels, ElementsAre("public", "内部"));
  EXPECT_FALSE(desk.principal.forwards_any_label);
  EXPECT_EQ(desk.principal.limits,
            (CallLimits{.calls_per_second = 0.5, .burst = 3, .concurrent_calls = 4}));
  EXPECT_EQ(desk.keys.size(), 2u);
  EXPECT_THAT(desk.certificates, ElementsAre("desk.example", "spiffe://hall/desk"));
}

TEST(AccessFileTest, BurstIsTwiceTheRateAndAtLeastOneCall) {
  const std::string lines = Cat("name = 'a'\nroles = ['staff']\nlabels = ['public']\nkeys = ['",
                                Hash('1'), "']\ncalls_per_second = ");
  EXPECT_EQ(ParseAccessFile(Principal(Cat(lines, "20\n")), "a")
                ->principals.front()
                .principal.limits.burst,
            40);
  EXPECT_EQ(ParseAccessFile(Principal(Cat(lines, "0.1\n")), "a")
                ->principals.front()
                .principal.limits.burst,
            1);
}

TEST(AccessFileTest, ServiceMayForwardAnyLabel) {
  const auto file = ParseAccessFile(
      Principal(Cat("name = 'g'\nroles = ['service']\nlabels = ['public', '*']\nkeys = ['",
                    Hash('1'), "']\n")),
      "access.toml");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->principals.front().principal.forwards_any_label);
  EXPECT_THAT(file->principals.front().principal.labels, ElementsAre("public"));
}

TEST(AccessFileTest, FaultsNameFileLineAndExpectation) {
  const std::string keys = Cat("keys = ['", Hash('1'), "']\n");
  const std::string good = Cat("name = 'a'\nroles = ['staff']\nlabels = ['public']\n", keys);
  EXPECT_THAT(Error("labels = ["), HasSubstr("access.toml: line 1"));
  EXPECT_THAT(Error("labels = []\n"), HasSubstr("access.toml:1: access: expected labels"));
  EXPECT_THAT(Error("labels = ['public']\n"), HasSubstr("else nobody may call"));
  EXPECT_THAT(Error("labels = ['*']\n[anonymous]\nroles = ['kiosk']\nlabels = ['*']\n"),
              HasSubstr("without \"*\""));
  EXPECT_THAT(Error(Principal(Cat(good, "rate = 3\n"))),
              HasSubstr("access.toml:7: principal 1: expected one of the keys"));
  EXPECT_THAT(Error(Principal("roles = ['staff']\nlabels = ['public']\n")),
              HasSubstr("expected the key name"));
  EXPECT_THAT(Error(Principal(Cat("name = 'a'\nlabels = ['public']\n", keys))),
              HasSubstr("with at least one role"));
  EXPECT_THAT(Error(Principal(Cat("name = 'a'\nroles = ['boss']\nlabels = ['public']\n", keys))),
              HasSubstr("access.toml:4: principal 1: expected roles to be of kiosk, staff, data, "
                        "operator and service, not boss"));
  EXPECT_THAT(Error(Principal(Cat("name = 'a'\nroles = ['staff']\n", keys))),
              HasSubstr("with at least one label"));
  EXPECT_THAT(Error(Principal(Cat("name = 'a'\nroles = ['staff']\nlabels = ['interal']\n", keys))),
              HasSubstr("of the labels at the head of the file, not interal"));
  EXPECT_THAT(Error(Principal(Cat("name = 'a'\nroles = ['staff']\nlabels = ['*']\n", keys))),
              HasSubstr("\"*\" for the role service only"));
  EXPECT_THAT(Error(Principal("name = 'a'\nroles = ['staff']\nlabels = ['public']\n")),
              HasSubstr("keys or certificates by which it is known"));
  EXPECT_THAT(
      Error(Principal("name = 'a'\nroles = ['staff']\nlabels = ['public']\nkeys = ['pkb_1_2']\n")),
      HasSubstr("hashes sha256:ID:SALT:DIGEST"));
  EXPECT_THAT(Error(Principal(Cat(good, "burst = 3\n"))), HasSubstr("beside calls_per_second"));
  for (const char* limit :
       {"calls_per_second = 0", "calls_per_second = -1", "calls_per_second = nan",
        "concurrent_calls = 1.5", "concurrent_calls = 1e9", "calls_per_second = '3'"}) {
    EXPECT_THAT(Error(Principal(Cat(good, limit, "\n"))), HasSubstr("access.toml:7:")) << limit;
  }
}

TEST(AccessFileTest, NamesFitIntoALogLine) {
  const std::string rest =
      Cat("roles = ['staff']\nlabels = ['public']\nkeys = ['", Hash('1'), "']\n");
  EXPECT_TRUE(ParseAccessFile(Principal(Cat("name = '三号窗口'\n", rest)), "a").ok());
  for (const std::string& name :
       {std::string("a b"), std::string("a\\\"b"), std::string("a\\nb"), std::string(201, 'x')}) {
    EXPECT_THAT(Error(Principal(Cat("name = \"", name, "\"\n", rest))),
                HasSubstr("without quotes, spaces and control characters"))
        << name;
  }
}

TEST(AccessFileTest, AnonymousCallersCannotBeAService) {
  EXPECT_THAT(Error("labels = ['public']\n[anonymous]\nroles = ['service']\nlabels = ['public']\n"),
              HasSubstr("without service"));
}

TEST(AccessFileTest, NamesKeysAndCertificatesStandOnce) {
  const auto two = [](const std::string& first, const std::string& second) {
    const std::string common = "roles = ['staff']\nlabels = ['public']\n";
    return Cat("labels = ['public']\n[[principal]]\n", common, first, "[[principal]]\n", common,
               second);
  };
  EXPECT_THAT(Error(two(Cat("name = 'a'\nkeys = ['", Hash('1'), "']\n"),
                        Cat("name = 'a'\nkeys = ['", Hash('2'), "']\n"))),
              HasSubstr("a name of its own, not a again"));
  EXPECT_THAT(Error(two(Cat("name = 'a'\nkeys = ['", Hash('1'), "']\n"),
                        Cat("name = 'b'\nkeys = ['", Hash('1'), "']\n"))),
              HasSubstr("keys once in the file, not 0000000000000001"));
  EXPECT_THAT(
      Error(two("name = 'a'\ncertificates = ['x']\n", "name = 'b'\ncertificates = ['x']\n")),
      HasSubstr("names once in the file, not x"));
  EXPECT_THAT(Error(two("name = 'anonymous'\ncertificates = ['x']\n", "")),
              HasSubstr("a name of its own"));
}

}  // namespace
}  // namespace policykb
