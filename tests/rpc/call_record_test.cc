#include "core/rpc/call_record.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(CallRecordTest, ACallIsOneLine) {
  const CallRecord record{
      .method = "Search",
      .caller = "hall 3\nevent=x",
      .role = "kiosk",
      .took = absl::Microseconds(1500),
      .waited = absl::Microseconds(250),
      .trace = {.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736", .span_id = "00f067aa0ba902b7"},
      .snapshot = "20261124-012927",
      .hits = 10};
  EXPECT_EQ(CallLine("call", record).ToText(),
            "event=call method=Search code=OK caller=\"hall 3\\nevent=x\" role=kiosk "
            "on_behalf_of=\"\" ms=1.500 waited_ms=0.250 trace=4bf92f3577b34da6a3ce929d0e0e4736 "
            "span=00f067aa0ba902b7 snapshot=20261124-012927 hits=10");
}

TEST(CallRecordTest, ACallThatFailsSaysWhy) {
  const CallRecord record{.method = "GetDocument",
                          .status = absl::PermissionDeniedError("principal hall has kiosk")};
  EXPECT_EQ(CallLine("call", record).ToText(),
            "event=call method=GetDocument code=PERMISSION_DENIED caller=\"\" role=\"\" "
            "on_behalf_of=\"\" ms=0.000 waited_ms=0.000 trace=\"\" span=\"\" snapshot=\"\" "
            "reason=\"principal hall has kiosk\"");
  EXPECT_EQ(SeverityOf(record.status), LogSeverity::kWarning);
  EXPECT_EQ(SeverityOf(absl::NotFoundError("")), LogSeverity::kInfo);
  EXPECT_EQ(SeverityOf(absl::DataLossError("")), LogSeverity::kError);
}

}  // namespace
}  // namespace policykb
