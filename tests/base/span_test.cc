#include "core/base/span.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(SpanTest, SliceTakesBytesFromStartToBeforeEnd) {
  // Each of these two characters has three bytes.
  const std::string_view text = "第条";
  EXPECT_EQ(Slice(text, {.start = 3, .end = 6}), "条");
  EXPECT_EQ(Slice(text, {.start = 0, .end = 6}), text);
  EXPECT_EQ(Slice(text, {.start = 6, .end = 6}), "");
}

TEST(SpanTest, SpansAreOrderedByStartThenEnd) {
  EXPECT_LT((Span{1, 9}), (Span{2, 3}));
  EXPECT_LT((Span{1, 2}), (Span{1, 3}));
  EXPECT_EQ((Span{1, 2}), (Span{1, 2}));
}

TEST(SpanTest, EmptyIsWhereStartIsEnd) {
  EXPECT_TRUE((Span{4, 4}).empty());
  EXPECT_FALSE((Span{4, 5}).empty());
  EXPECT_EQ((Span{4, 9}).size(), 5u);
}

}  // namespace
}  // namespace policykb
