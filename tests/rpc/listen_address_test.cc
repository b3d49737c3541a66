#include "core/rpc/listen_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;

TEST(ListenAddressTest, LoopbackAddressesAreAccepted) {
  const struct {
    const char* text;
    const char* host;
    uint16_t port;
  } cases[] = {
      {"127.0.0.1:0", "127.0.0.1", 0},
      {"127.0.0.1:65535", "127.0.0.1", 65535},
      {"127.255.255.254:80", "127.255.255.254", 80},
      {"[::1]:5000", "[::1]", 5000},
      {"[0:0:0:0:0:0:0:1]:5000", "[0:0:0:0:0:0:0:1]", 5000},
  };
  for (const auto& c : cases) {
    const auto address = ParseLoopbackAddress(c.text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
  }
}

TEST(ListenAddressTest, LocalhostStandsForTheIPv4Loopback) {
  const auto address = ParseLoopbackAddress("localhost:5000");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->ToString(), "127.0.0.1:5000");
}

TEST(ListenAddressTest, WhatIsNoHostAndPortIsInvalid) {
  for (const char* text :
       {"", ":", "127.0.0.1", ":5000", "5000", "::1:5000", "[::1]", "[]:5000", "[::1:5000",
        "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1",
        "127.0.0.1:000080", "127.0.0.1:http", "127.0.0.1:80:90"}) {
    const auto address = ParseLoopbackAddress(text);
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(address.status().message()), HasSubstr(text));
  }
}

TEST(ListenAddressTest, AddressesBeyondLoopbackAreRefused) {
  for (const char* text :
       {"0.0.0.0:5000", "[::]:5000", "192.168.1.10:5000", "128.0.0.1:5000", "126.255.255.255:1",
        "[::2]:5000", "[::ffff:127.0.0.1]:5000", "[fe80::1]:5000", "example.org:5000",
        "localhost.example.org:5000", "127.1:5000", "127.0.0.1.5:5000", "0x7f000001:5000",
        "[127.0.0.1]:5000", "LOCALHOST :5000"}) {
    const auto address = ParseLoopbackAddress(text);
    EXPECT_EQ(address.status().code(), absl::StatusCode::kFailedPrecondition) << text;
    EXPECT_THAT(std::string(address.status().message()), HasSubstr("not a loopback address"));
  }
}

TEST(ListenAddressTest, ALongTextIsCutInTheMessage) {
  const auto address = ParseLoopbackAddress(std::string(10000, 'x'));
  EXPECT_LT(address.status().message().size(), 300u);
}

TEST(ListenAddressTest, ANulByteDoesNotEndTheHost) {
  const auto address = ParseLoopbackAddress(std::string("127.0.0.1\0.example.org:5000", 27));
  EXPECT_FALSE(address.ok());
}

}  // namespace
}  // namespace policykb
