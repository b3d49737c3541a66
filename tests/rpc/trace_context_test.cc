#include "core/rpc/trace_context.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr char kTrace[] = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr char kSpan[] = "00f067aa0ba902b7";

TEST(TraceContextTest, ReadsWhatItWrites) {
  const TraceContext trace{.trace_id = kTrace, .span_id = kSpan, .flags = 1};
  EXPECT_EQ(trace.ToTraceParent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  EXPECT_EQ(ParseTraceParent(trace.ToTraceParent()), trace);
}

TEST(TraceContextTest, RefusesWhatTheSpecificationDoesNotAllow) {
  const std::string good = Cat("00-", kTrace, "-", kSpan, "-01");
  for (const std::string& bad : {
           std::string(),
           good.substr(0, good.size() - 1),
           good + "-",
           good + "-more",
           good + " ",
           " " + good,
           Cat("ff-", kTrace, "-", kSpan, "-01"),
           Cat("0x-", kTrace, "-", kSpan, "-01"),
           Cat("00-", std::string(32, '0'), "-", kSpan, "-01"),
           Cat("00-", kTrace, "-", std::string(16, '0'), "-01"),
           Cat("00-4BF92F3577B34DA6A3CE929D0E0E4736-", kSpan, "-01"),
           Cat("00-", kTrace, "-", kSpan, "-0g"),
           Cat("00_", kTrace, "-", kSpan, "-01"),
           Cat("00-", kTrace, "0", kSpan, "-01"),
           Cat("01-", kTrace, "-", kSpan, "-01.more"),
       }) {
    EXPECT_EQ(ParseTraceParent(bad), std::nullopt) << bad;
  }
}

TEST(TraceContextTest, OfALaterVersionTheFirstFourPartsCount) {
  const auto trace = ParseTraceParent(Cat("cc-", kTrace, "-", kSpan, "-01-what-the-future-brings"));
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, kTrace);
  EXPECT_TRUE(ParseTraceParent(Cat("cc-", kTrace, "-", kSpan, "-01")).has_value());
}

TEST(TraceContextTest, APartKeepsTheTraceAndHasAnIdOfItsOwn) {
  const TraceContext parent{.trace_id = kTrace, .span_id = kSpan, .flags = 0xFF};
  const TraceContext part = PartOf(parent);
  EXPECT_EQ(part.trace_id, kTrace);
  EXPECT_NE(part.span_id, kSpan);
  // Of the flags, the first is all that version 00 knows.
  EXPECT_EQ(part.flags, 1);
  EXPECT_TRUE(ParseTraceParent(part.ToTraceParent()).has_value());
}

TEST(TraceContextTest, WithoutAParentATraceBegins) {
  const TraceContext first = PartOf(std::nullopt), second = PartOf(std::nullopt);
  EXPECT_NE(first.trace_id, second.trace_id);
  EXPECT_TRUE(ParseTraceParent(first.ToTraceParent()).has_value());
}

}  // namespace
}  // namespace policykb
