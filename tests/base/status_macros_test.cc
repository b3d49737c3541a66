#include "core/base/status_macros.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace policykb {
namespace {

absl::StatusOr<int> Positive(int value) {
  if (value <= 0) return absl::OutOfRangeError("not positive");
  return value;
}

absl::Status Check(int value, int* evaluations) {
  RETURN_IF_ERROR((++*evaluations, Positive(value).status()));
  return absl::OkStatus();
}

absl::Status CheckIn(int value) {
  RETURN_IF_ERROR_IN(Positive(value).status(), "laws/a.md");
  return absl::OkStatus();
}

absl::StatusOr<int> Sum(int a, int b) {
  ASSIGN_OR_RETURN(const int first, Positive(a));
  int second = 0;
  ASSIGN_OR_RETURN(second, Positive(b));
  return first + second;
}

absl::StatusOr<int> SumIn(int a, int b) {
  ASSIGN_OR_RETURN_IN(const int first, Positive(a), "first");
  ASSIGN_OR_RETURN_IN(const int second, Positive(b), "second");
  return first + second;
}

absl::StatusOr<std::unique_ptr<int>> Owned(int value) {
  ASSIGN_OR_RETURN(const int positive, Positive(value));
  return std::make_unique<int>(positive);
}

absl::StatusOr<int> ValueOfOwned(int value) {
  ASSIGN_OR_RETURN(std::unique_ptr<int> owned, Owned(value));
  return *owned;
}

TEST(StatusMacrosTest, ReturnIfErrorReturnsTheFailureAndEvaluatesOnce) {
  int evaluations = 0;
  EXPECT_TRUE(Check(1, &evaluations).ok());
  EXPECT_EQ(evaluations, 1);
  EXPECT_EQ(Check(0, &evaluations), absl::OutOfRangeError("not positive"));
  EXPECT_EQ(evaluations, 2);
}

TEST(StatusMacrosTest, AssignOrReturnAssignsOrReturnsTheFailure) {
  EXPECT_EQ(Sum(2, 3).value(), 5);
  EXPECT_EQ(Sum(0, 3).status(), absl::OutOfRangeError("not positive"));
  EXPECT_EQ(Sum(2, 0).status(), absl::OutOfRangeError("not positive"));
}

TEST(StatusMacrosTest, AssignOrReturnMovesWhatCannotBeCopied) {
  EXPECT_EQ(ValueOfOwned(7).value(), 7);
  EXPECT_FALSE(ValueOfOwned(0).ok());
}

TEST(StatusMacrosTest, TheInFormsPutTheContextBeforeTheMessage) {
  EXPECT_TRUE(CheckIn(1).ok());
  EXPECT_EQ(CheckIn(0), absl::OutOfRangeError("laws/a.md: not positive"));
  EXPECT_EQ(SumIn(2, 3).value(), 5);
  EXPECT_EQ(SumIn(0, 3).status(), absl::OutOfRangeError("first: not positive"));
  EXPECT_EQ(SumIn(2, 0).status(), absl::OutOfRangeError("second: not positive"));
}

TEST(AnnotateTest, KeepsCodeAndPayloadsAndOk) {
  absl::Status status = absl::DataLossError("checksum");
  status.SetPayload("type.example/detail", absl::Cord("bytes"));
  const absl::Status annotated = Annotate(Annotate(status, "segment 3"), "kb");
  EXPECT_EQ(annotated.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(std::string(annotated.message()), "kb: segment 3: checksum");
  EXPECT_EQ(annotated.GetPayload("type.example/detail"), absl::Cord("bytes"));
  EXPECT_EQ(Annotate(absl::OkStatus(), "kb"), absl::OkStatus());
}

}  // namespace
}  // namespace policykb
