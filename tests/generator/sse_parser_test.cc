#include "generator/sse_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<SseEvent> ParseAll(const std::vector<std::string_view>& pieces) {
  SseParser parser;
  std::vector<SseEvent> all;
  for (const std::string_view piece : pieces) {
    const auto events = parser.Add(piece);
    EXPECT_TRUE(events.ok()) << events.status();
    all.insert(all.end(), events->begin(), events->end());
  }
  const auto events = parser.Finish();
  EXPECT_TRUE(events.ok()) << events.status();
  all.insert(all.end(), events->begin(), events->end());
  return all;
}

TEST(SseParserTest, ReadsTheExampleOfTheStandard) {
  // WHATWG HTML, 9.2.6: two events, the second with an empty first line of data.
  EXPECT_THAT(ParseAll({": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                        "data:  third event"}),
              ElementsAre(SseEvent{"", "first event"}, SseEvent{"", "second event"},
                          SseEvent{"", " third event"}));
}

TEST(SseParserTest, JoinsDataLinesAndKeepsTheType) {
  EXPECT_THAT(ParseAll({"event: error\ndata: a\ndata\ndata: b\n\n"}),
              ElementsAre(SseEvent{"error", "a\n\nb"}));
}

TEST(SseParserTest, PassesOverCommentsKeepAliveAndUnknownFields) {
  EXPECT_THAT(ParseAll({": keep-alive\n\n\n: again\nretry: 10\nfoo: bar\n\nevent: x\n\n"}),
              IsEmpty());
}

TEST(SseParserTest, GivesTheSameEventsWhereverTheBytesAreCut) {
  const std::string stream =
      "\xEF\xBB\xBF: hi\r\ndata: 第一\r\n\r\ndata: a\rdata: b\r\revent: e\ndata: {\"x\":1}\n\n"
      "data: 末\r\n";
  const std::vector<SseEvent> whole = ParseAll({stream});
  EXPECT_THAT(whole, ElementsAre(SseEvent{"", "第一"}, SseEvent{"", "a\nb"},
                                 SseEvent{"e", "{\"x\":1}"}, SseEvent{"", "末"}));
  for (size_t first = 0; first <= stream.size(); ++first) {
    for (size_t second = first; second <= stream.size(); ++second) {
      const std::string_view view = stream;
      EXPECT_EQ(ParseAll({view.substr(0, first), view.substr(first, second - first),
                          view.substr(second)}),
                whole)
          << first << " " << second;
    }
  }
}

TEST(SseParserTest, RefusesAnEndlessLineAndAnEndlessEvent) {
  SseParser line(100);
  absl::Status status;
  for (int i = 0; i < 101 && status.ok(); ++i) status = line.Add("x").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  SseParser event(100);
  status = absl::OkStatus();
  int lines = 0;
  for (; lines < 1000 && status.ok(); ++lines) status = event.Add("data: 0123456789\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  // Eight lines make 87 bytes of data with the line ends between; the 16 bytes of the ninth are too
  // many.
  EXPECT_EQ(lines, 9);
}

}  // namespace
}  // namespace policykb
