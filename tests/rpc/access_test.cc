#include "core/rpc/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/status_conversion.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kSearch[] = "policykb.v1.RetrieverService/Search";
constexpr char kGetSnapshot[] = "policykb.v1.RetrieverService/GetSnapshot";
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

class AccessTest : public testing::Test {
 protected:
  AccessTest() : folder_(testing::TempDir() + "access_XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    path_ = JoinPath(folder_, "access.toml");
  }
  ~AccessTest() override { EXPECT_TRUE(RemoveAll(folder_).ok()); }

  static std::string Principal(const std::string& name, const std::string& role,
                               const std::string& labels, const std::string& key,
                               const std::string& more = "") {
    return Cat("[[principal]]\nname = '", name, "'\nroles = ['", role, "']\nlabels = [", labels,
               "]\nkeys = ['", ApiKeyHash::Of(key)->ToString(), "']\n", more);
  }
  std::unique_ptr<Access> Open(const std::string& text) {
    WriteUnsynced(path_, Cat("labels = ['public', 'internal', 'secret']\n", text));
    auto access = Access::Open(path_);
    EXPECT_TRUE(access.ok()) << access.status();
    return access.ok() ? *std::move(access) : nullptr;
  }
  absl::StatusOr<Admission> Admit(const Access& access, const CallCredentials& credentials,
                                  const char* method = kSearch) {
    return access.Admit(method, credentials, kNow);
  }

  std::string folder_;
  std::string path_;
  const std::string desk_key_ = MakeApiKey();
  const std::string hall_key_ = MakeApiKey();
  const std::string service_key_ = MakeApiKey();
};

TEST_F(AccessTest, AKeySaysWhoCallsAndWhatItMaySee) {
  const auto access = Open(Principal("desk", "staff", "'public', 'internal'", desk_key_) +
                           Principal("hall", "kiosk", "'public'", hall_key_));
  const auto desk = Admit(*access, {.api_key = desk_key_});
  ASSERT_TRUE(desk.ok()) << desk.status();
  EXPECT_EQ(desk->caller().name, "desk");
  EXPECT_THAT(desk->caller().labels, ElementsAre("public", "internal"));
  const auto hall = Admit(*access, {.api_key = hall_key_});
  ASSERT_TRUE(hall.ok()) << hall.status();
  EXPECT_THAT(hall->caller().labels, ElementsAre("public"));
}

TEST_F(AccessTest, WhoShowsNothingOrSomethingUnknownIsRefused) {
  const auto access = Open(Principal("desk", "staff", "'public'", desk_key_));
  const absl::Status nothing = Admit(*access, {}).status();
  EXPECT_EQ(nothing.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_THAT(std::string(nothing.message()), HasSubstr("shows no key"));
  EXPECT_EQ(Admit(*access, {.api_key = MakeApiKey()}).status(),
            absl::UnauthenticatedError("caller: its key is not known here"));
  const absl::Status certificate = Admit(*access, {.certificate_names = {"x.example"}}).status();
  EXPECT_EQ(certificate.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_THAT(std::string(certificate.message()), HasSubstr("x.example"));
}

TEST_F(AccessTest, AnIdWithAnotherSecretIsTheSameAsAnUnknownKey) {
  const auto access = Open(Principal("desk", "staff", "'public'", desk_key_));
  std::string forged = desk_key_;
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_EQ(Admit(*access, {.api_key = forged}).status(),
            Admit(*access, {.api_key = MakeApiKey()}).status());
}

TEST_F(AccessTest, AWrongKeyIsNotTakenForNone) {
  const auto access = Open("[anonymous]\nroles = ['kiosk']\nlabels = ['public']\n");
  EXPECT_EQ(Admit(*access, {})->caller().name, "anonymous");
  EXPECT_EQ(Admit(*access, {.api_key = "anything"}).status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(AccessTest, ACertificatesNameSaysWhoCalls) {
  const auto access = Open(
      "[[principal]]\nname = 'hall'\nroles = ['kiosk']\nlabels = ['public']\n"
      "certificates = ['hall-3.example']\n");
  const auto hall = Admit(*access, {.certificate_names = {"other", "hall-3.example"}});
  ASSERT_TRUE(hall.ok()) << hall.status();
  EXPECT_EQ(hall->caller().name, "hall");
}

TEST_F(AccessTest, RolesDecideWhatMayBeCalled) {
  const auto access = Open(Principal("hall", "kiosk", "'public'", hall_key_));
  EXPECT_TRUE(Admit(*access, {.api_key = hall_key_}, kSearch).ok());
  const absl::Status refused = Admit(*access, {.api_key = hall_key_}, kGetSnapshot).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(
      std::string(refused.message()),
      "policykb.v1.RetrieverService/GetSnapshot: needs one of the roles staff, data, operator, "
      "service; principal hall has kiosk");
  EXPECT_EQ(
      Admit(*access, {.api_key = hall_key_}, "policykb.v1.RetrieverService/New").status().code(),
      absl::StatusCode::kPermissionDenied);
}

TEST_F(AccessTest, OnlyAServiceIsBelievedOnWhoseBehalfItCalls) {
  const auto access = Open(Principal("desk", "staff", "'public', 'internal'", desk_key_) +
                           Principal("generator", "service", "'public', 'internal'", service_key_));
  const ForwardedCaller hall{.name = "hall", .labels = {"public", "secret"}};
  EXPECT_EQ(Admit(*access, {.api_key = desk_key_, .forwarded = hall}).status().code(),
            absl::StatusCode::kPermissionDenied);
  const auto forwarded = Admit(*access, {.api_key = service_key_, .forwarded = hall});
  ASSERT_TRUE(forwarded.ok()) << forwarded.status();
  EXPECT_EQ(forwarded->caller().on_behalf_of, "hall");
  // No more than the service's own labels.
  EXPECT_THAT(forwarded->caller().labels, ElementsAre("public"));
}

TEST_F(AccessTest, AServiceForAnyLabelHasNoneOfThemForItself) {
  const auto access = Open(Principal("generator", "service", "'public', '*'", service_key_));
  const auto forwarded = Admit(
      *access, {.api_key = service_key_, .forwarded = {{.name = "desk", .labels = {"secret"}}}});
  ASSERT_TRUE(forwarded.ok()) << forwarded.status();
  EXPECT_THAT(forwarded->caller().labels, ElementsAre("secret"));
  EXPECT_THAT(Admit(*access, {.api_key = service_key_})->caller().labels, ElementsAre("public"));
  EXPECT_THAT(Admit(*access, {.api_key = service_key_, .forwarded = {{.name = "x", .labels = {}}}})
                  ->caller()
                  .labels,
              IsEmpty());
}

TEST_F(AccessTest, APlaceIsFreeAgainWhenTheCallEnds) {
  const auto access =
      Open(Principal("hall", "kiosk", "'public'", hall_key_, "concurrent_calls = 1\n"));
  {
    const auto first = Admit(*access, {.api_key = hall_key_});
    ASSERT_TRUE(first.ok()) << first.status();
    const absl::Status second = Admit(*access, {.api_key = hall_key_}).status();
    EXPECT_EQ(second.code(), absl::StatusCode::kResourceExhausted);
    EXPECT_TRUE(RetryAfter(second));
    // What is refused for its role takes no place.
    EXPECT_EQ(Admit(*access, {.api_key = hall_key_}, kGetSnapshot).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
  EXPECT_TRUE(Admit(*access, {.api_key = hall_key_}).ok());
}

TEST_F(AccessTest, AChangedFileHoldsFromTheNextRefreshOn) {
  const auto access = Open(Principal("desk", "staff", "'public'", desk_key_));
  EXPECT_FALSE(*access->Refresh());
  WriteUnsynced(path_,
                Cat("labels = ['public']\n", Principal("hall", "kiosk", "'public'", hall_key_)));
  EXPECT_TRUE(Admit(*access, {.api_key = desk_key_}).ok());
  EXPECT_TRUE(*access->Refresh());
  EXPECT_FALSE(Admit(*access, {.api_key = desk_key_}).ok());
  EXPECT_TRUE(Admit(*access, {.api_key = hall_key_}).ok());
}

TEST_F(AccessTest, ABrokenOrLostFileKeepsWhatWasInForceAndIsToldOnce) {
  const std::string good = Cat("labels = ['public', 'internal', 'secret']\n",
                               Principal("desk", "staff", "'public'", desk_key_));
  const auto access = Open(Principal("desk", "staff", "'public'", desk_key_));
  WriteUnsynced(path_, "labels = ['public'\n");
  EXPECT_EQ(access->Refresh().status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(*access->Refresh());
  EXPECT_TRUE(Admit(*access, {.api_key = desk_key_}).ok());
  ASSERT_TRUE(RemoveAll(path_).ok());
  EXPECT_EQ(access->Refresh().status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(*access->Refresh());
  EXPECT_TRUE(Admit(*access, {.api_key = desk_key_}).ok());
  WriteUnsynced(path_, good);
  EXPECT_TRUE(*access->Refresh());
}

TEST_F(AccessTest, CallsUnderWayCountThroughARefresh) {
  const auto access =
      Open(Principal("hall", "kiosk", "'public'", hall_key_, "concurrent_calls = 1\n"));
  const auto first = Admit(*access, {.api_key = hall_key_});
  WriteUnsynced(path_,
                Cat("labels = ['public']\n",
                    Principal("hall", "kiosk", "'public'", hall_key_, "concurrent_calls = 2\n")));
  ASSERT_TRUE(*access->Refresh());
  const auto second = Admit(*access, {.api_key = hall_key_});
  EXPECT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(Admit(*access, {.api_key = hall_key_}).ok());
}

TEST_F(AccessTest, AtStartABrokenFileIsAnError) {
  WriteUnsynced(path_, "nothing = 1\n");
  EXPECT_EQ(Access::Open(path_).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Access::Open(path_ + "x").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(AccessTest, WithoutAFileEverybodySeesTheSameAndForwardedLabelsOnlyNarrowIt) {
  const auto access = Access::ForEverybody({"public", "internal"});
  EXPECT_THAT(Admit(*access, {.api_key = "anything"})->caller().labels,
              ElementsAre("public", "internal"));
  EXPECT_TRUE(Admit(*access, {}, kGetSnapshot).ok());
  EXPECT_THAT(Admit(*access, {.forwarded = {{.name = "hall", .labels = {"public", "secret"}}}})
                  ->caller()
                  .labels,
              ElementsAre("public"));
  EXPECT_FALSE(*access->Refresh());
}

}  // namespace
}  // namespace policykb
