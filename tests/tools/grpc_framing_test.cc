#include "tools/grpc_framing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policykb {
namespace {

TEST(GrpcFramingTest, AMessageStandsBehindItsLength) {
  EXPECT_EQ(GrpcFramed("abc"), std::string("\0\0\0\0\3abc", 8));
  EXPECT_EQ(GrpcFramed(""), std::string(5, '\0'));
  // 70,000 = 0x011170.
  EXPECT_EQ(GrpcFramed(std::string(70000, 'x')).substr(0, 6), std::string("\0\0\1\x11\x70x", 6));
}

TEST(GrpcFramingTest, OneWholeMessageIsRead) {
  for (const size_t size : {0, 1, 255, 256, 70000}) {
    const std::string message(size, 'y');
    const std::string framed = GrpcFramed(message);
    const auto read = GrpcUnframed(framed);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, message);
  }
}

TEST(GrpcFramingTest, WhatIsNoWholeMessageIsInternal) {
  const std::string framed = GrpcFramed("abc");
  for (size_t cut = 0; cut < framed.size(); ++cut)
    EXPECT_EQ(GrpcUnframed(framed.substr(0, cut)).status().code(), absl::StatusCode::kInternal);
  EXPECT_FALSE(GrpcUnframed(framed + "d").ok());
  EXPECT_FALSE(GrpcUnframed(framed + framed).ok());
  // Compressed.
  EXPECT_FALSE(GrpcUnframed(std::string("\1\0\0\0\3abc", 8)).ok());
  EXPECT_FALSE(GrpcUnframed(std::string("\0\xff\xff\xff\xff", 5)).ok());
}

TEST(GrpcFramingTest, TimeoutsAreRoundedUpToAMillisecond) {
  EXPECT_EQ(GrpcTimeout(absl::Seconds(1)), "1000m");
  EXPECT_EQ(GrpcTimeout(absl::Nanoseconds(1)), "1m");
  EXPECT_EQ(GrpcTimeout(absl::Microseconds(1001)), "2m");
  EXPECT_EQ(GrpcTimeout(absl::InfiniteDuration()), "99999999m");
}

TEST(GrpcFramingTest, TrailersAreAStatus) {
  EXPECT_TRUE(StatusOfTrailers("0", "").ok());
  EXPECT_EQ(StatusOfTrailers("5", "documents/dogs: not found"),
            absl::NotFoundError("documents/dogs: not found"));
  EXPECT_EQ(StatusOfTrailers("16", "no key"), absl::UnauthenticatedError("no key"));
  // A Chinese full stop, a percent sign as gRPC writes it, and signs that are none of it.
  EXPECT_EQ(StatusOfTrailers("3", "%E3%80%82%25"), absl::InvalidArgumentError("。%"));
  EXPECT_EQ(StatusOfTrailers("3", "100 % of%2"), absl::InvalidArgumentError("100 % of%2"));
  EXPECT_EQ(StatusOfTrailers("3", "%+1%"), absl::InvalidArgumentError("%+1%"));
}

TEST(GrpcFramingTest, WhatIsNoCodeIsInternalAndNamed) {
  for (const std::string& code :
       std::vector<std::string>{"", "17", "-1", "x", "1x", " 1", "99999999999"}) {
    const absl::Status status = StatusOfTrailers(code, "m");
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << code;
    EXPECT_NE(std::string(status.message()).find(code), std::string::npos);
  }
}

}  // namespace
}  // namespace policykb
