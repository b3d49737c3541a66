#include "core/rpc/server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "core/base/strings.h"
#include "core/rpc/channel.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/rpc/raw_call.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr char kSearch[] = "/policykb.v1.RetrieverService/Search";
constexpr char kServiceName[] = "policykb.v1.RetrieverService";
constexpr char kReflection[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
// ServerReflectionRequest{list_services: "*"}: field 7, length-delimited.
constexpr char kListServices[] = "\x3a\x01*";

// Answers every search with one fixed snapshot id.
class FixedRetriever : public v1::RetrieverService::CallbackService {
 public:
  std::string snapshot = "s1";

 private:
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context, const v1::SearchRequest*,
                                   v1::SearchResponse* response) override {
    response->set_snapshot(snapshot);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// A socket that listens on a free port of 127.0.0.1 as long as it lives.
class TakenPort {
 public:
  TakenPort() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~TakenPort() { ::close(fd_); }
  int port() const { return port_; }

 private:
  int fd_;
  int port_ = 0;
};

class RpcServerTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<RpcServer>> Start(const RpcServerOptions& options) {
    return RpcServer::Start(options, services_);
  }
  std::unique_ptr<RpcServer> MustStart(const RpcServerOptions& options) {
    auto server = Start(options);
    EXPECT_TRUE(server.ok()) << server.status();
    return *std::move(server);
  }

  FixedRetriever retriever_;
  std::vector<grpc::Service*> services_ = {&retriever_};
};

TEST_F(RpcServerTest, PortZeroTakesAFreePortAndTellsIt) {
  const auto first = MustStart({});
  FixedRetriever other;
  services_ = {&other};
  const auto second = MustStart({});
  EXPECT_GT(first->port(), 0);
  EXPECT_NE(first->port(), second->port());
  EXPECT_EQ(first->address(), Cat("127.0.0.1:", first->port()));
  const auto response = RawCall(Connect(first->address()), kSearch, "");
  ASSERT_TRUE(response.ok()) << response.status();
  // SearchResponse{snapshot: "s1"}: field 2, length-delimited, two bytes.
  EXPECT_EQ(*response, "\x12\x02s1");
}

TEST_F(RpcServerTest, LocalhostIsServed) {
  const auto server = MustStart({.listen = "localhost:0"});
  EXPECT_EQ(server->address(), Cat("127.0.0.1:", server->port()));
  EXPECT_TRUE(RawCall(Connect(server->address()), kSearch, "").ok());
}

TEST_F(RpcServerTest, IPv6LoopbackIsServedWhereTheMachineHasIt) {
  const auto server = Start({.listen = "[::1]:0"});
  if (!server.ok()) GTEST_SKIP() << "this machine has no IPv6 loopback: " << server.status();
  EXPECT_EQ((*server)->address(), Cat("[::1]:", (*server)->port()));
  EXPECT_TRUE(RawCall(Connect((*server)->address()), kSearch, "").ok());
}

TEST_F(RpcServerTest, APortInUseIsOneClearLine) {
  const TakenPort taken;
  testing::internal::CaptureStderr();
  const auto server = Start({.listen = Cat("127.0.0.1:", taken.port())});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(server.status(),
            absl::UnavailableError(Cat("listen address 127.0.0.1:", taken.port(),
                                       ": cannot be bound (in use, or not of this machine)")));
}

TEST_F(RpcServerTest, TwoServersCannotShareOnePort) {
  const auto first = MustStart({});
  FixedRetriever other;
  services_ = {&other};
  const auto second = Start({.listen = first->address()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(RpcServerTest, APortIsFreeAgainAfterShutdown) {
  auto first = MustStart({});
  const std::string address = first->address();
  EXPECT_TRUE(RawCall(Connect(address), kSearch, "").ok());
  first->Shutdown();
  first.reset();
  FixedRetriever other;
  services_ = {&other};
  const auto second = Start({.listen = address});
  EXPECT_TRUE(second.ok()) << second.status();
}

TEST_F(RpcServerTest, AddressesAreCheckedBeforeAnythingIsBound) {
  EXPECT_EQ(Start({.listen = "127.0.0.1"}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Start({.listen = "127.0.0.1:99999"}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Start({.listen = "0.0.0.0:0"}).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(Start({.listen = "[::]:0"}).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RpcServerTest, HealthFollowsSetServingForTheServerAndEachService) {
  const auto server = MustStart({});
  const auto channel = Connect(server->address());
  const auto expect_health = [&channel](Health expected) {
    for (const char* name : {"", kServiceName}) {
      const auto health = CheckHealth(channel, name);
      ASSERT_TRUE(health.ok()) << health.status();
      EXPECT_EQ(*health, expected) << name;
    }
  };
  expect_health(Health::kNotServing);
  server->SetServing(true);
  expect_health(Health::kServing);
  server->SetServing(false);
  expect_health(Health::kNotServing);
  server->SetServing(true);
  expect_health(Health::kServing);
}

TEST_F(RpcServerTest, HealthOfAServiceThatIsNotServedHereIsNotFound) {
  const auto server = MustStart({});
  server->SetServing(true);
  const auto health = CheckHealth(Connect(server->address()), "policykb.v1.GeneratorService");
  EXPECT_EQ(health.status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RpcServerTest, ReflectionNamesTheServices) {
  const auto server = MustStart({.reflection = true});
  const auto response = RawCall(Connect(server->address()), kReflection, kListServices);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(*response, HasSubstr(kServiceName));
}

TEST_F(RpcServerTest, ReflectionIsOffForAServerThatAsksForThat) {
  const auto reflecting = MustStart({.reflection = true});
  FixedRetriever other;
  services_ = {&other};
  const auto server = MustStart({.reflection = false});
  const auto response = RawCall(Connect(server->address()), kReflection, kListServices);
  EXPECT_EQ(response.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_TRUE(RawCall(Connect(reflecting->address()), kReflection, kListServices).ok());
}

TEST_F(RpcServerTest, RequestsOverTheSizeLimitAreRefused) {
  const auto server = MustStart({.max_request_bytes = 1000});
  const auto channel = Connect(server->address());
  v1::SearchRequest request;
  request.set_query(std::string(900, 'x'));
  EXPECT_TRUE(RawCall(channel, kSearch, request.SerializeAsString()).ok());
  request.set_query(std::string(1100, 'x'));
  const auto response = RawCall(channel, kSearch, request.SerializeAsString());
  EXPECT_EQ(response.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(RpcServerTest, AResponseOverTheChannelsLimitIsRefusedByTheClient) {
  const auto server = MustStart({});
  server->SetServing(true);
  const auto channel = RpcChannel::Open({.address = server->address(), .max_response_bytes = 1000});
  ASSERT_TRUE(channel.ok()) << channel.status();
  const auto stub = v1::RetrieverService::NewStub(channel->channel());
  const auto search = [&](size_t bytes) {
    retriever_.snapshot = std::string(bytes, 'x');
    grpc::ClientContext context;
    channel->Prepare(context);
    v1::SearchResponse response;
    return stub->Search(&context, {}, &response).error_code();
  };
  EXPECT_EQ(search(900), grpc::StatusCode::OK);
  EXPECT_EQ(search(1100), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(RpcServerTest, BytesThatAreNoMessageAreAnError) {
  const auto server = MustStart({});
  // Field 1, length-delimited, 127 bytes announced, none there.
  EXPECT_FALSE(RawCall(Connect(server->address()), kSearch, "\x0a\x7f").ok());
}

}  // namespace
}  // namespace policykb
