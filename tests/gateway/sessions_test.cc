// Who a request is from: keys, sessions and their tokens, over real connections.

#include "generator/gateway/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Principal(std::string_view name, std::string_view role, std::string_view labels,
                      std::string_view hash) {
  return Cat("[[principal]]\nname = '", name, "'\nroles = ['", role, "']\nlabels = [", labels,
             "]\nkeys = ['", hash, "']\n");
}

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() : upstream_({.access_toml = AccessToml()}) {}

  std::string AccessToml() const {
    return Cat("labels = ['public', 'internal']\n",
               Principal("desk", "staff", "'public', 'internal'", desk_hash_),
               Principal("hall", "kiosk", "'public'", hall_hash_));
  }
  RawResponse Ask(std::string_view verb, std::string_view target, std::string_view headers = "",
                  std::string_view body = "") {
    return Fetch(upstream_.address(), verb, target, headers, body);
  }
  // The cookie of a new session, "policykb_session=...".
  std::string LogIn(std::string_view key) {
    const RawResponse response = Ask("POST", "/session", "", Cat(R"({"apiKey":")", key, "\"}"));
    EXPECT_EQ(response.code, 200) << response.body;
    const std::string cookie = response.Header("Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
  }
  std::string CsrfOf(std::string_view cookie) {
    const std::string body = Ask("GET", "/session", Cat("Cookie: ", cookie, "\r\n")).body;
    const size_t at = body.find("\"csrfToken\":\"") + 13;
    return body.substr(at, body.find('"', at) - at);
  }
  int Search(std::string_view headers) {
    return Ask("POST", "/v1/search", headers, R"({"query":"a"})").code;
  }

  const std::string desk_key_ = MakeApiKey();
  const std::string hall_key_ = MakeApiKey();
  const std::string desk_hash_ = ApiKeyHash::Of(desk_key_)->ToString();
  const std::string hall_hash_ = ApiKeyHash::Of(hall_key_)->ToString();
  FakeUpstream upstream_;
};

TEST_F(SessionsTest, AKeyIsAskedForAndCounts) {
  EXPECT_EQ(Search(""), 401);
  EXPECT_EQ(Search(Cat("Authorization: Bearer ", desk_key_, "\r\n")), 200);
  EXPECT_EQ(upstream_.seen().Last().caller, "desk");
  EXPECT_EQ(upstream_.seen().Last().labels, "public,internal");
  EXPECT_EQ(Search(Cat("Authorization: Bearer ", MakeApiKey(), "\r\n")), 401);
  EXPECT_EQ(Search("Authorization: Basic YTpi\r\n"), 401);
  EXPECT_EQ(Search(Cat("Authorization: Bearer ", desk_key_, "\r\nAuthorization: Bearer ", hall_key_,
                       "\r\n")),
            401);
}

TEST_F(SessionsTest, RolesOfRoutesAreThoseOfTheirMethods) {
  const std::string hall = Cat("Authorization: Bearer ", hall_key_, "\r\n");
  EXPECT_EQ(Ask("GET", "/v1/documents/law", hall).code, 200);
  // GetSnapshot is not for kiosks, GetStatus for operators alone.
  EXPECT_EQ(Ask("GET", "/v1/snapshot", hall).code, 403);
  const std::string desk = Cat("Authorization: Bearer ", desk_key_, "\r\n");
  EXPECT_EQ(Ask("GET", "/v1/snapshot", desk).code, 200);
  EXPECT_EQ(Ask("GET", "/v1/admin/status?of=retriever", desk).code, 403);
}

TEST_F(SessionsTest, ALoginGivesASessionThatOnlyOurPagesCanUse) {
  const RawResponse login = Ask("POST", "/session", "", Cat(R"({"apiKey":")", desk_key_, "\"}"));
  EXPECT_EQ(login.code, 200);
  EXPECT_THAT(login.body, StartsWith(R"({"principal":"desk","roles":["staff"],"csrfToken":")"));
  EXPECT_THAT(login.body, HasSubstr(R"("loginRequired":true})"));
  EXPECT_THAT(login.Header("Set-Cookie"),
              HasSubstr("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"));
  EXPECT_THAT(login.Header("Set-Cookie"), Not(HasSubstr("Secure")));
  const std::string cookie = LogIn(desk_key_);
  const std::string header = Cat("Cookie: ", cookie, "\r\n");
  EXPECT_EQ(Ask("GET", "/v1/snapshot", header).code, 200);
  EXPECT_EQ(Search(header), 403);
  EXPECT_EQ(Search(Cat(header, "X-CSRF-Token: ", std::string(64, '0'), "\r\n")), 403);
  EXPECT_EQ(Search(Cat(header, "X-CSRF-Token: ", CsrfOf(cookie), "\r\n")), 200);
  EXPECT_EQ(upstream_.seen().Last().caller, "desk");
  // A token of another session is none of this one.
  EXPECT_EQ(Search(Cat(header, "X-CSRF-Token: ", CsrfOf(LogIn(desk_key_)), "\r\n")), 403);
}

TEST_F(SessionsTest, WhoHasNoSessionIsToldToLogIn) {
  const RawResponse response = Ask("GET", "/session");
  EXPECT_EQ(response.code, 401);
  EXPECT_THAT(response.body, StartsWith(R"({"loginRequired":true,"code":16,)"));
  EXPECT_EQ(Ask("POST", "/session", "", Cat(R"({"apiKey":")", MakeApiKey(), "\"}")).code, 401);
  EXPECT_EQ(Ask("POST", "/session", "", R"({"apiKey":""})").code, 401);
  EXPECT_EQ(Ask("POST", "/session", "", R"({"apiKey":1})").code, 400);
  EXPECT_EQ(Ask("POST", "/session", "", R"({"apiKey":"a","b":1})").code, 400);
}

TEST_F(SessionsTest, LeavingNeedsTheTokenAndClearsTheCookie) {
  const std::string cookie = LogIn(desk_key_);
  const std::string header = Cat("Cookie: ", cookie, "\r\n");
  EXPECT_EQ(Ask("DELETE", "/session", header).code, 403);
  const RawResponse left =
      Ask("DELETE", "/session", Cat(header, "X-CSRF-Token: ", CsrfOf(cookie), "\r\n"));
  EXPECT_EQ(left.code, 200);
  EXPECT_THAT(left.Header("Set-Cookie"), StartsWith("policykb_session=; "));
  EXPECT_THAT(left.Header("Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(Ask("DELETE", "/session", "Cookie: policykb_session=1.2.3.4.5\r\n").code, 200);
}

TEST_F(SessionsTest, ForgedCookiesAreRefused) {
  const std::string cookie = LogIn(desk_key_);
  ASSERT_EQ(Ask("GET", "/v1/snapshot", Cat("Cookie: ", cookie, "\r\n")).code, 200);
  // Every character changed, one at a time, and every beginning.
  const size_t begin = std::string("policykb_session=").size();
  for (size_t at = begin; at < cookie.size(); at += 7) {
    std::string forged = cookie;
    forged[at] = forged[at] == 'a' ? 'b' : 'a';
    EXPECT_EQ(Ask("GET", "/v1/snapshot", Cat("Cookie: ", forged, "\r\n")).code, 401) << at;
    if (at == begin) continue;
    EXPECT_EQ(Ask("GET", "/v1/snapshot", Cat("Cookie: ", cookie.substr(0, at), "\r\n")).code, 401)
        << at;
  }
  // Another principal's id with this signature.
  std::string foreign = cookie;
  foreign.replace(begin + 2, 16, ApiKeyId(hall_key_));
  EXPECT_EQ(Ask("GET", "/v1/snapshot", Cat("Cookie: ", foreign, "\r\n")).code, 401);
}

TEST_F(SessionsTest, AKeyThatLeavesTheAccessFileEndsItsSessions) {
  const std::string cookie = LogIn(desk_key_);
  const std::string header = Cat("Cookie: ", cookie, "\r\n");
  // The same principal with another key, and the same key with another principal.
  upstream_.ChangeAccess(
      Cat("labels = ['public']\n",
          Principal("desk", "staff", "'public'", ApiKeyHash::Of(MakeApiKey())->ToString())));
  EXPECT_EQ(Ask("GET", "/v1/snapshot", header).code, 401);
  upstream_.ChangeAccess(
      Cat("labels = ['public']\n", Principal("chief", "operator", "'public'", desk_hash_)));
  EXPECT_EQ(Ask("GET", "/v1/snapshot", header).code, 401);
  upstream_.ChangeAccess(AccessToml());
  EXPECT_EQ(Ask("GET", "/v1/snapshot", header).code, 200);
}

TEST_F(SessionsTest, SessionsEndAfterTwelveHoursWhoeverAsks) {
  const Sessions sessions = Sessions::WithRandomKey();
  const absl::Time now = absl::FromUnixSeconds(1000000);
  const auto cookie = sessions.Begin(upstream_.access(), desk_key_, now);
  ASSERT_TRUE(cookie.ok());
  const absl::Duration second = absl::Seconds(1);
  EXPECT_EQ(*sessions.Check(upstream_.access(), *cookie, now + absl::Hours(12) - second),
            ApiKeyId(desk_key_));
  EXPECT_TRUE(absl::IsUnauthenticated(
      sessions.Check(upstream_.access(), *cookie, now + absl::Hours(12)).status()));
  // Of a gateway with another key.
  EXPECT_TRUE(absl::IsUnauthenticated(
      Sessions::WithRandomKey().Check(upstream_.access(), *cookie, now).status()));
}

TEST_F(SessionsTest, AnonymousCallersAreLetInWithoutASession) {
  upstream_.ChangeAccess(
      Cat("labels = ['public', 'internal']\n[anonymous]\nroles = ['kiosk']\nlabels = ['public']\n",
          Principal("desk", "staff", "'public', 'internal'", desk_hash_)));
  EXPECT_EQ(Search(""), 200);
  EXPECT_EQ(upstream_.seen().Last().labels, "public");
  EXPECT_THAT(Ask("GET", "/session").body,
              HasSubstr(R"("principal":"anonymous","roles":["kiosk"],"csrfToken":"")"));
  // What is shown must be right all the same.
  EXPECT_EQ(Search("Cookie: policykb_session=1.2.3.4.5\r\n"), 401);
}

}  // namespace
}  // namespace policykb
