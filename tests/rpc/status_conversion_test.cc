#include "core/rpc/status_conversion.h"

#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

TEST(StatusConversionTest, EveryCodeAndItsMessageGoThereAndBack) {
  // 1 (CANCELLED) to 16 (UNAUTHENTICATED) are the codes of both enumerations.
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code),
                              "laws/a.md: \xe7\xac\xac, no such article");
    const grpc::Status sent = ToGrpcStatus(status);
    EXPECT_EQ(static_cast<int>(sent.error_code()), code);
    EXPECT_EQ(FromGrpcStatus(sent), status);
  }
}

TEST(StatusConversionTest, OkHasNoMessage) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
  EXPECT_EQ(ToGrpcStatus(absl::OkStatus()).error_message(), "");
}

TEST(StatusConversionTest, CodesThatNeitherSideKnowsBecomeUnknown) {
  for (const int code : {-1, 17}) {
    const absl::Status status =
        FromGrpcStatus(grpc::Status(static_cast<grpc::StatusCode>(code), "odd"));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnknown) << code;
    EXPECT_EQ(std::string(status.message()), "odd");
  }
  EXPECT_EQ(ToGrpcStatus(absl::Status(static_cast<absl::StatusCode>(99), "odd")).error_code(),
            grpc::StatusCode::UNKNOWN);
}

TEST(StatusConversionTest, NumbersOfBothEnumerationsAgreeOnWhatTheyMean) {
  EXPECT_EQ(ToGrpcStatus(absl::InvalidArgumentError("")).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ToGrpcStatus(absl::NotFoundError("")).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ToGrpcStatus(absl::ResourceExhaustedError("")).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ToGrpcStatus(absl::UnavailableError("")).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ToGrpcStatus(absl::DataLossError("")).error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(ToGrpcStatus(absl::UnauthenticatedError("")).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(StatusConversionTest, WhenToTryAgainAndWhyGoThereAndBack) {
  const absl::Status refused =
      OverloadedError("queue: full", "QUEUE_FULL", absl::Milliseconds(1250));
  const grpc::Status sent = ToGrpcStatus(refused);
  EXPECT_EQ(sent.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const absl::Status received = FromGrpcStatus(sent);
  EXPECT_EQ(received, refused);
  EXPECT_EQ(RetryAfter(received), absl::Milliseconds(1250));
  EXPECT_EQ(ErrorReason(received), "QUEUE_FULL");
}

TEST(StatusConversionTest, NoDelayIsShorterThanAMillisecond) {
  EXPECT_EQ(RetryAfter(OverloadedError("", "", absl::ZeroDuration())), absl::Milliseconds(1));
}

TEST(StatusConversionTest, DetailsThatAreNoneAreDropped) {
  const absl::Status status =
      FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone", "\x08\xff\xff garbage"));
  EXPECT_EQ(status, absl::UnavailableError("gone"));
  EXPECT_FALSE(RetryAfter(status));
  EXPECT_EQ(ErrorReason(status), "");
}

}  // namespace
}  // namespace policykb
