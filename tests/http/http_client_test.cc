#include "core/http/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

FakeReply KeptAlive(std::vector<std::string> pieces) {
  return {.content_type = "text/plain", .pieces = std::move(pieces), .keep_alive = true};
}

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() {
    auto client = HttpClient::Create();
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  HttpRequest Request() const { return {.url = server_.url(), .body = "x"}; }

  // The body of one call, or its error.
  absl::StatusOr<std::string> Body(HttpRequest request) {
    std::string body;
    const HttpOutcome outcome = client_->Post(
        std::move(request), [&](const HttpResponseHead&, std::string_view piece) -> absl::Status {
          body += piece;
          return absl::OkStatus();
        });
    if (!outcome.status.ok()) return outcome.status;
    return body;
  }

  FakeChatServer server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(HttpClientTest, UsesAConnectionAgain) {
  server_.SetDefault(KeptAlive({"a", "b"}));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Body(Request()).value_or("?"), "ab");
  EXPECT_EQ(server_.requests().size(), 5u);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(HttpClientTest, WaitsForManyServersAtOnce) {
  constexpr int kCalls = 50;
  FakeReply slow = KeptAlive({"a", "b"});
  slow.pause = absl::Milliseconds(50);
  server_.SetDefault(slow);
  absl::BlockingCounter left(kCalls);
  std::atomic<int> good = 0;
  const absl::Time start = absl::Now();
  for (int i = 0; i < kCalls; ++i) {
    client_->Start(
        Request(), [](const HttpResponseHead&, std::string_view) { return absl::OkStatus(); },
        [&](const HttpOutcome& outcome) {
          good += outcome.status.ok() ? 1 : 0;
          left.DecrementCount();
        });
  }
  left.Wait();
  EXPECT_EQ(good, kCalls);
  // One after the other they would take 50 * 2 * 50 ms = 5 s.
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
}

TEST_F(HttpClientTest, ClosesTheConnectionSoonAfterTheCallerCancels) {
  server_.SetDefault({.pieces = {"a"}, .ending = FakeEnding::kHang});
  std::atomic<bool> cancelled = false;
  std::atomic<bool> got_a = false;
  absl::Notification done;
  absl::Status status;
  HttpRequest request = Request();
  request.cancelled = [&] { return cancelled.load(); };
  client_->Start(
      request,
      [&](const HttpResponseHead&, std::string_view) {
        got_a = true;
        return absl::OkStatus();
      },
      [&](const HttpOutcome& outcome) {
        status = outcome.status;
        done.Notify();
      });
  while (!got_a) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time when = absl::Now();
  cancelled = true;
  done.WaitForNotification();
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  while (server_.departures().empty()) absl::SleepFor(absl::Milliseconds(1));
  // 20 ms until the client asks; the rest is for a busy machine.
  EXPECT_LT(server_.departures()[0] - when, absl::Seconds(5));
}

TEST_F(HttpClientTest, BeginsNotBeforeTheTimeGiven) {
  server_.SetDefault(KeptAlive({"a"}));
  HttpRequest request = Request();
  request.not_before = absl::Now() + absl::Milliseconds(120);
  const absl::Time earliest = request.not_before;
  EXPECT_EQ(Body(request).value_or("?"), "a");
  EXPECT_GE(server_.times()[0].asked, earliest);
  request.not_before = absl::InfiniteFuture();
  request.deadline = absl::Now() + absl::Milliseconds(50);
  EXPECT_EQ(Body(request).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(HttpClientTest, SaysHowFarACallCame) {
  const auto take = [](const HttpResponseHead&, std::string_view) { return absl::OkStatus(); };
  HttpRequest nobody = Request();
  nobody.url = "http://127.0.0.1:1";
  EXPECT_EQ(client_->Post(nobody, take).progress, HttpProgress::kNotConnected);
  server_.Enqueue({.pieces = {}, .head = false});
  HttpOutcome outcome = client_->Post(Request(), take);
  EXPECT_EQ(outcome.progress, HttpProgress::kNoResponse);
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable);
  server_.Enqueue({.pieces = {"a"}, .ending = FakeEnding::kReset});
  EXPECT_EQ(client_->Post(Request(), take).progress, HttpProgress::kResponse);
}

TEST_F(HttpClientTest, EndsItsCallsWhenItGoes) {
  server_.SetDefault({.pieces = {"a"}, .ending = FakeEnding::kHang});
  HttpOutcome outcome;
  HttpRequest later = Request();
  later.not_before = absl::InfiniteFuture();
  int told = 0;
  for (const HttpRequest& request : {Request(), later}) {
    client_->Start(
        request, [](const HttpResponseHead&, std::string_view) { return absl::OkStatus(); },
        [&](const HttpOutcome& ended) {
          outcome = ended;
          ++told;
        });
  }
  client_.reset();
  EXPECT_EQ(told, 2);
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kCancelled);
}

TEST_F(HttpClientTest, AsksThroughTheProxyButNotForThisMachine) {
  FakeChatServer proxy;
  proxy.SetDefault(KeptAlive({"through the proxy"}));
  server_.SetDefault(KeptAlive({"direct"}));
  auto client = HttpClient::Create({.proxy = proxy.url()});
  ASSERT_TRUE(client.ok()) << client.status();
  client_ = *std::move(client);
  EXPECT_EQ(Body(Request()).value_or("?"), "direct");
  // Names below .invalid are nobody's: only a proxy can be asked for them.
  EXPECT_EQ(Body({.url = "http://model.invalid/v1", .body = "x"}).value_or("?"),
            "through the proxy");
  EXPECT_THAT(proxy.requests()[0], HasSubstr("POST http://model.invalid/v1 HTTP/1.1"));
}

TEST(HttpClientCreateTest, RefusesSettingsThatCannotWork) {
  const TempFolder folder;
  EXPECT_EQ(HttpClient::Create({.ca_file = folder / "absent.pem"}).status().code(),
            absl::StatusCode::kNotFound);
  ASSERT_TRUE(WriteNewFile(folder / "ca.pem", "no certificate").ok());
  EXPECT_THAT(std::string(HttpClient::Create({.ca_file = folder / "ca.pem"}).status().message()),
              HasSubstr("ca.pem: holds no certificate in PEM form"));
  const absl::Status proxy = HttpClient::Create({.proxy = "http://u:pass word@"}).status();
  EXPECT_EQ(proxy.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(proxy.message()), Not(HasSubstr("pass")));
}

}  // namespace
}  // namespace policykb
