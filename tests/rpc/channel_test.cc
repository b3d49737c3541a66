#include "core/rpc/channel.h"

#include <grpcpp/channel.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// Takes one connection and begins to speak HTTP/2 only after a while, as a server does whose
// machine is busy.
class LateServer {
 public:
  explicit LateServer(absl::Duration late) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, late] {
      const int connection = ::accept(fd_, nullptr, nullptr);
      if (connection < 0) return;
      absl::SleepFor(late);
      // An empty SETTINGS frame.
      constexpr std::array<char, 9> kSettings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
      EXPECT_EQ(::send(connection, kSettings.data(), kSettings.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(kSettings.size()));
      std::array<char, 256> read;
      while (::recv(connection, read.data(), read.size(), 0) > 0) {
      }
      ::close(connection);
    });
  }
  ~LateServer() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  std::string address() const { return Cat("127.0.0.1:", port_); }

 private:
  const int fd_;
  int port_ = 0;
  std::thread thread_;
};

TEST(RpcChannelTest, AServerThatIsSlowToSpeakIsNotTakenForOneThatIsAway) {
  LateServer server(absl::Milliseconds(400));
  {
    const absl::StatusOr<RpcChannel> channel = RpcChannel::Open({.address = server.address()});
    ASSERT_TRUE(channel.ok()) << channel.status();
    // The first attempt has to last: this server takes no second one.
    EXPECT_TRUE(
        channel->channel()->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(30))));
  }
}

TEST(RpcChannelTest, AnotherMachineIsReachedWithTlsOnly) {
  EXPECT_EQ(RpcChannel::Open({.address = "192.0.2.1:50051"}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(RpcChannel::Open({.address = "192.0.2.1:50051", .allow_plain = true}).ok());
}

TEST(RpcChannelTest, SeveralServersAreIpv4AddressesWithPorts) {
  EXPECT_TRUE(RpcChannel::Open({.address = "127.0.0.1:50051,127.0.0.1:50052"}).ok());
  for (const std::string address :
       {"127.0.0.1:50051,localhost:50052", "127.0.0.1:50051,", "127.0.0.1:0", "127.0.0.1", ""}) {
    EXPECT_EQ(RpcChannel::Open({.address = address}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
  }
}

}  // namespace
}  // namespace policykb
