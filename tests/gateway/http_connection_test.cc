// The deadlines of a connection, by a clock of the test's own.

#include "generator/gateway/http_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kGet[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

class FakeTransport : public HttpTransport {
 public:
  void Read() override { reading = true; }
  void Write(std::string_view first, std::string_view second) override {
    written += Cat(first, second);
    writing = true;
  }
  void Finish() override { finished = true; }
  void Abort() override { aborted = true; }
  void Run(std::function<void()> work) override { work(); }
  void BecomeIdle(bool now_idle) override { idle = now_idle; }
  absl::Duration Now() const override { return now; }

  bool reading = false, writing = false, finished = false, aborted = false, idle = false;
  std::string written;
  absl::Duration now = absl::ZeroDuration();
};

class HttpConnectionTest : public testing::Test {
 protected:
  HttpConnectionTest() {
    options_.limits = {.header_time = absl::Seconds(10),
                       .body_time = absl::Seconds(20),
                       .idle_time = absl::Seconds(60),
                       .write_time = absl::Seconds(30),
                       .keep_alive_after = absl::Seconds(15)};
    options_.refusal = [](int code, std::string_view message) {
      return WebResponse{.code = code, .body = std::string(message)};
    };
    connection_.Begin(false, {});
  }
  // An exchange that is let go tells its connection.
  ~HttpConnectionTest() override { exchange_.reset(); }

  // Looks at the clock at so many seconds.
  void TickAt(int seconds) {
    transport_->now = absl::Seconds(seconds);
    connection_.OnTick();
  }
  void ReceiveAt(int seconds, std::string_view bytes) {
    transport_->now = absl::Seconds(seconds);
    ASSERT_TRUE(transport_->reading);
    transport_->reading = false;
    connection_.OnRead(bytes);
  }
  void TakenAt(int seconds) {
    transport_->now = absl::Seconds(seconds);
    ASSERT_TRUE(transport_->writing);
    transport_->writing = false;
    connection_.OnWritten(true);
  }
  bool is_open() const { return !transport_->finished && !transport_->aborted; }

  HttpServerOptions options_;
  std::shared_ptr<HttpExchange> exchange_;  // of the last request
  HttpHandler handler_ = [this](const WebRequest&, std::shared_ptr<HttpExchange> exchange) {
    exchange_ = std::move(exchange);
  };
  const std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
  HttpConnection connection_{transport_.get(), &options_, &handler_};
};

TEST_F(HttpConnectionTest, SilenceEndsItGracefully) {
  TickAt(59);
  EXPECT_TRUE(is_open());
  TickAt(60);
  EXPECT_TRUE(transport_->finished);
  EXPECT_EQ(transport_->written, "");
}

TEST_F(HttpConnectionTest, AHeaderHasItsTimeFromItsFirstByteOn) {
  ReceiveAt(50, "GET / HT");
  // Bytes that come meanwhile give no more time: 50 + 10 is the end, 59 not yet.
  ReceiveAt(58, "TP/1.1\r\nX: ");
  TickAt(59);
  EXPECT_EQ(transport_->written, "");
  TickAt(60);
  EXPECT_THAT(transport_->written, StartsWith("HTTP/1.1 408 "));
  EXPECT_TRUE(is_open());
  TakenAt(61);
  EXPECT_TRUE(transport_->finished);
}

TEST_F(HttpConnectionTest, ABodyHasItsTimeFromTheEndOfTheHeaderOn) {
  ReceiveAt(1, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n");
  ReceiveAt(9, "\r\n{");
  ReceiveAt(28, " ");
  // 9 + 20.
  TickAt(28);
  EXPECT_EQ(transport_->written, "");
  TickAt(29);
  EXPECT_THAT(transport_->written, StartsWith("HTTP/1.1 408 "));
}

TEST_F(HttpConnectionTest, AnAnswerTakesItsTimeAndSilenceCountsFromItsEnd) {
  ReceiveAt(1, kGet);
  ASSERT_NE(exchange_, nullptr);
  TickAt(3600);
  EXPECT_TRUE(is_open());
  exchange_->Reply({.code = 200, .body = "x"});
  TakenAt(3610);
  EXPECT_THAT(transport_->written, EndsWith("\r\n\r\nx"));
  TickAt(3669);
  EXPECT_TRUE(is_open());
  TickAt(3670);
  EXPECT_TRUE(transport_->finished);
}

TEST_F(HttpConnectionTest, AClientThatDoesNotTakeWhatIsWrittenIsCutOff) {
  bool gone = false;
  ReceiveAt(1, kGet);
  exchange_->WhenGone([&gone] { gone = true; });
  exchange_->Begin({.code = 200});
  TickAt(30);
  EXPECT_TRUE(is_open());
  // 1 + 30.
  TickAt(31);
  EXPECT_TRUE(transport_->aborted);
  EXPECT_TRUE(gone);
}

TEST_F(HttpConnectionTest, EachPieceOfAStreamHasItsTimeToBeTaken) {
  ReceiveAt(1, kGet);
  exchange_->Begin({.code = 200});
  TakenAt(30);
  bool taken = false;
  exchange_->Write("a", [&taken](bool sent) { taken = sent; });
  TickAt(59);
  EXPECT_TRUE(is_open());
  TakenAt(59);
  EXPECT_TRUE(taken);
  // Nothing waits to be taken: no limit.
  TickAt(70);
  EXPECT_TRUE(is_open());
}

TEST_F(HttpConnectionTest, ASilentStreamGetsACommentEachTime) {
  ReceiveAt(1, kGet);
  exchange_->Begin({.code = 200});
  TakenAt(2);
  // 2 + 15, and again 15 after the comment was taken.
  TickAt(16);
  EXPECT_FALSE(transport_->writing);
  TickAt(17);
  ASSERT_TRUE(transport_->writing);
  EXPECT_THAT(transport_->written, HasSubstr(": keep-alive\n\n"));
  TakenAt(18);
  TickAt(32);
  EXPECT_FALSE(transport_->writing);
  TickAt(33);
  EXPECT_TRUE(transport_->writing);
}

TEST_F(HttpConnectionTest, ItIsIdleBetweenRequestsAndCanBeEndedThenOnly) {
  EXPECT_TRUE(transport_->idle);
  ReceiveAt(1, "G");
  EXPECT_FALSE(transport_->idle);
  EXPECT_FALSE(connection_.EndIdle());
  ReceiveAt(2, std::string_view(kGet).substr(1));
  EXPECT_FALSE(connection_.EndIdle());
  exchange_->Reply({.code = 200});
  EXPECT_FALSE(connection_.EndIdle());
  TakenAt(3);
  EXPECT_TRUE(transport_->idle);
  EXPECT_TRUE(connection_.EndIdle());
  EXPECT_TRUE(transport_->aborted);
  EXPECT_FALSE(transport_->idle);
  EXPECT_FALSE(connection_.EndIdle());
}

TEST_F(HttpConnectionTest, ARequestBehindAnotherIsNoIdleness) {
  ReceiveAt(1, Cat(kGet, kGet));
  exchange_->Reply({.code = 200});
  TakenAt(2);
  EXPECT_FALSE(transport_->idle);
  EXPECT_FALSE(connection_.EndIdle());
}

}  // namespace
}  // namespace policykb
