#include "tools/unary_caller.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/server.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/certificates.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kSearch = "/policykb.v1.RetrieverService/Search";

// Answers with the question as the snapshot's name, but: "none" fails with it, "long" has a name of
// 300,000 bytes, "never" waits until it is given up. Beside it, what the caller showed.
class Echo : public v1::RetrieverService::CallbackService {
 public:
  int given_up() const { return given_up_; }

 private:
  class UntilCancelled : public grpc::ServerUnaryReactor {
   public:
    explicit UntilCancelled(std::atomic<int>& given_up) : given_up_(given_up) {}
    void OnCancel() override {
      ++given_up_;
      Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

   private:
    std::atomic<int>& given_up_;
  };

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override {
    if (request->query() == "never") return new UntilCancelled(given_up_);
    response->set_snapshot(request->query() == "long" ? std::string(300'000, 'x')
                                                      : request->query());
    const auto key = context->client_metadata().find("authorization");
    if (request->query() == "key" && key != context->client_metadata().end())
      response->set_snapshot(std::string(key->second.data(), key->second.size()));
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(request->query() == "none"
                        ? grpc::Status(grpc::StatusCode::NOT_FOUND, "没有 100 % 的\n法条")
                        : grpc::Status::OK);
    return reactor;
  }

  std::atomic<int> given_up_ = 0;
};

class UnaryCallerTest : public testing::Test {
 protected:
  struct Outcome {
    absl::Status status;
    std::string snapshot;
  };

  void Serve(const RpcServerOptions& options = {}) {
    grpc::Service* const services[] = {&service_};
    auto server = RpcServer::Start(options, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  absl::Status Open(const ChannelOptions& options, std::string_view method = kSearch) {
    auto caller = UnaryCaller::Open(
        options, method,
        [this](uint64_t call, const absl::Status& status, std::string_view message) {
          v1::SearchResponse response;
          EXPECT_TRUE(response.ParseFromString(std::string(message)));
          EXPECT_TRUE(outcomes_.emplace(call, Outcome{status, response.snapshot()}).second);
          if (then_) then_(call);
        });
    if (!caller.ok()) return caller.status();
    caller_ = *std::move(caller);
    return absl::OkStatus();
  }
  absl::Status Open() { return Open({.address = server_->address()}); }

  void Send(uint64_t call, const std::string& question, absl::Duration limit = absl::Seconds(20)) {
    v1::SearchRequest request;
    request.set_query(question);
    caller_->Send(call, request.SerializeAsString(), absl::Now() + limit);
  }
  // Runs until all that was sent has come back.
  void RunAll() { caller_->Run(absl::InfiniteFuture()); }
  Outcome Ask(const std::string& question, absl::Duration limit = absl::Seconds(20)) {
    Send(1, question, limit);
    RunAll();
    Outcome outcome = outcomes_[1];
    outcomes_.clear();
    return outcome;
  }

  Echo service_;
  std::unique_ptr<RpcServer> server_;
  std::map<uint64_t, Outcome> outcomes_;
  std::function<void(uint64_t)> then_;
  std::unique_ptr<UnaryCaller> caller_;
};

TEST_F(UnaryCallerTest, EachOfManyAtOnceGetsItsOwnAnswer) {
  Serve();
  ASSERT_TRUE(Open().ok());
  constexpr uint64_t kCalls = 2000;
  for (uint64_t call = 0; call < kCalls; ++call) Send(call, Cat("问题 ", call));
  RunAll();
  ASSERT_EQ(outcomes_.size(), kCalls);
  for (const auto& [call, outcome] : outcomes_) {
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.snapshot, Cat("问题 ", call));
  }
}

TEST_F(UnaryCallerTest, WhoIsToldOfAnAnswerMaySendTheNext) {
  Serve();
  ASSERT_TRUE(Open().ok());
  then_ = [this](uint64_t call) {
    if (call < 50) Send(call + 1, Cat(call + 1));
  };
  Send(1, "1");
  RunAll();
  ASSERT_EQ(outcomes_.size(), 50u);
  EXPECT_EQ(outcomes_[50].snapshot, "50");
}

TEST_F(UnaryCallerTest, TheServersStatusComesWithItsWords) {
  Serve();
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ(Ask("none").status, absl::NotFoundError("没有 100 % 的\n法条"));
  EXPECT_TRUE(Ask("still there").status.ok());
  ASSERT_TRUE(Open({.address = server_->address()}, "/policykb.v1.RetrieverService/No").ok());
  EXPECT_EQ(Ask("any").status.code(), absl::StatusCode::kUnimplemented);
}

TEST_F(UnaryCallerTest, LongAnswersAreWholeAndTooLongOnesRefused) {
  Serve();
  ASSERT_TRUE(Open().ok());
  for (uint64_t call = 0; call < 4; ++call) Send(call, "long");
  RunAll();
  for (const auto& [call, outcome] : outcomes_) EXPECT_EQ(outcome.snapshot.size(), 300'000u);
  ASSERT_EQ(outcomes_.size(), 4u);
  outcomes_.clear();
  ASSERT_TRUE(Open({.address = server_->address(), .max_response_bytes = 200'000}).ok());
  const absl::Status status = Ask("long").status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr("longer than 200000 bytes"));
  EXPECT_TRUE(Ask("short").status.ok());
}

TEST_F(UnaryCallerTest, ACallEndsAtItsDeadlineAndTheServerHearsOfIt) {
  Serve();
  ASSERT_TRUE(Open().ok());
  const absl::Time begun = absl::Now();
  EXPECT_EQ(Ask("never", absl::Milliseconds(100)).status.code(),
            absl::StatusCode::kDeadlineExceeded);
  // The server, who may be the first to end it, counts in whole milliseconds.
  EXPECT_GE(absl::Now() - begun, absl::Milliseconds(98));
  EXPECT_LT(absl::Now() - begun, absl::Seconds(10));
  EXPECT_EQ(Ask("late", absl::ZeroDuration()).status.code(), absl::StatusCode::kDeadlineExceeded);
  for (int i = 0; i < 1000 && service_.given_up() == 0; ++i) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(service_.given_up(), 1);
}

TEST_F(UnaryCallerTest, RunEndsAtItsTimeWithCallsUnderWay) {
  Serve();
  ASSERT_TRUE(Open().ok());
  Send(1, "never");
  caller_->Run(absl::Now() + absl::Milliseconds(20));
  EXPECT_TRUE(outcomes_.empty());
}

TEST_F(UnaryCallerTest, WhoHasNoTimeStillSendsAndHears) {
  Serve();
  ASSERT_TRUE(Open().ok());
  Send(1, "asked in passing");
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (outcomes_.empty() && absl::Now() < limit) caller_->Run(absl::InfinitePast());
  EXPECT_EQ(outcomes_[1].snapshot, "asked in passing");
}

TEST_F(UnaryCallerTest, AServerThatEndsFailsWhatIsUnderWayAndIsFoundAgain) {
  Serve({.drain_limit = absl::ZeroDuration()});
  const std::string address = server_->address();
  ASSERT_TRUE(Open().ok());
  ASSERT_TRUE(Ask("first").status.ok());
  Send(1, "never");
  Send(2, "never");
  caller_->Run(absl::Now() + absl::Milliseconds(50));
  server_.reset();
  RunAll();
  ASSERT_EQ(outcomes_.size(), 2u);
  for (const auto& [call, outcome] : outcomes_) EXPECT_FALSE(outcome.status.ok());
  outcomes_.clear();
  EXPECT_EQ(Ask("nobody").status.code(), absl::StatusCode::kUnavailable);
  Serve({.listen = address});
  Outcome again;
  for (int i = 0; i < 100 && again.snapshot.empty(); ++i) {
    absl::SleepFor(absl::Milliseconds(20));
    again = Ask("again");
  }
  EXPECT_TRUE(again.status.ok()) << again.status;
}

TEST_F(UnaryCallerTest, NobodyThereIsUnavailableAndNamed) {
  const absl::Status status = Open({.address = "127.0.0.1:1"});
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("127.0.0.1:1"));
  EXPECT_EQ(Open({.address = "no port"}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Open({.address = "192.0.2.1:50051"}).code(), absl::StatusCode::kFailedPrecondition);
}

// A server that takes one connection, says something and closes it.
class Stranger {
 public:
  explicit Stranger(std::string says) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 1), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, says = std::move(says)] {
      const int taken = ::accept(socket_, nullptr, nullptr);
      EXPECT_EQ(::send(taken, says.data(), says.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(says.size()));
      ::shutdown(taken, SHUT_WR);
      // What comes is read, so that the end is no reset.
      char byte = 0;
      while (::recv(taken, &byte, 1, 0) > 0) {
      }
      ::close(taken);
    });
  }
  ~Stranger() {
    thread_.join();
    ::close(socket_);
  }

  std::string address() const { return Cat("127.0.0.1:", port_); }

 private:
  const int socket_;
  uint16_t port_ = 0;
  std::thread thread_;
};

TEST_F(UnaryCallerTest, WhatSpeaksNoHttp2IsUnavailable) {
  for (const std::string& says :
       {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string(100, '\0'), std::string()}) {
    const Stranger stranger(says);
    ASSERT_TRUE(Open({.address = stranger.address()}).ok());
    EXPECT_EQ(Ask("any").status.code(), absl::StatusCode::kUnavailable);
    caller_.reset();
  }
}

class UnaryCallerTlsTest : public UnaryCallerTest {
 protected:
  void SetUp() override {
    Write("ca.pem", authority_.certificate());
    Write("other.pem", CertificateAuthority().certificate());
    WritePair("server", {"IP:127.0.0.1"});
    WritePair("elsewhere", {"DNS:elsewhere.example"});
    WritePair("caller", {"URI:spiffe://test/bench"});
  }
  void Write(const std::string& name, const std::string& content) {
    ASSERT_TRUE(WriteNewFile(Path(name), content).ok());
  }
  void WritePair(const std::string& name, const std::vector<std::string>& names) {
    const CertificateAndKey pair = authority_.Issue(names);
    Write(name + ".pem", pair.certificate);
    Write(name + ".key", pair.key);
  }
  std::string Path(const std::string& name) const { return folder_ / name; }
  ServerTls Tls(const std::string& name) const {
    return {.certificate_file = Path(name + ".pem"),
            .key_file = Path(name + ".key"),
            .client_ca_file = Path("ca.pem")};
  }

  const TempFolder folder_;
  CertificateAuthority authority_;
};

TEST_F(UnaryCallerTlsTest, ATrustedServerIsAskedWithCertificateAndKey) {
  Serve({.tls = Tls("server")});
  const std::string key = MakeApiKey();
  Write("key", key);
  ASSERT_TRUE(Open({.address = server_->address(),
                    .tls = {.ca_file = Path("ca.pem"),
                            .certificate_file = Path("caller.pem"),
                            .key_file = Path("caller.key")},
                    .api_key_file = Path("key")})
                  .ok());
  EXPECT_EQ(Ask("key").snapshot, Cat("Bearer ", key));
  for (uint64_t call = 0; call < 4; ++call) Send(call, "long");
  RunAll();
  for (const auto& [call, outcome] : outcomes_) EXPECT_EQ(outcome.snapshot.size(), 300'000u);
  EXPECT_EQ(outcomes_.size(), 4u);
}

TEST_F(UnaryCallerTlsTest, AServerThatIsNotTrustedIsNotAsked) {
  Serve({.tls = Tls("server")});
  const absl::Status other =
      Open({.address = server_->address(), .tls = {.ca_file = Path("other.pem")}});
  EXPECT_EQ(other.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(other.message()), HasSubstr("certificate"));
  EXPECT_EQ(Open({.address = server_->address(), .tls = {.ca_file = Path("none.pem")}}).code(),
            absl::StatusCode::kNotFound);
  Serve({.tls = Tls("elsewhere")});
  const absl::Status elsewhere =
      Open({.address = server_->address(), .tls = {.ca_file = Path("ca.pem")}});
  EXPECT_EQ(elsewhere.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(elsewhere.message()), HasSubstr("IP address mismatch"));
  // A server without TLS.
  Serve();
  EXPECT_EQ(Open({.address = server_->address(), .tls = {.ca_file = Path("ca.pem")}}).code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace policykb
