#include "tools/status_report.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kNow = absl::FromUnixSeconds(1795577702);  // 2026-11-25T03:35:02Z

v1::GetStatusResponse Parsed(const std::string& text) {
  v1::GetStatusResponse status;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &status));
  return status;
}

ServerStatus Retriever() {
  return {.address = "127.0.0.1:50051", .health = "SERVING", .status = Parsed(R"(
            program: "policykb-retriever" version: "0.1.0" uptime_seconds: 7500
            searched { snapshot: "20261124-012927" published_at: "2026-11-24T01:29:27Z"
                       documents: 1347 passages: 56771 }
            metrics { name: "policykb_calls_total" value: 15000
                      labels { key: "method" value: "Search" } labels { key: "code" value: "OK" } }
            metrics { name: "policykb_calls_total" value: 12
                      labels { key: "method" value: "Search" }
                      labels { key: "code" value: "RESOURCE_EXHAUSTED" } }
            metrics { name: "policykb_calls_refused_total" value: 12
                      labels { key: "reason" value: "RATE_LIMIT" } }
            metrics { name: "policykb_call_seconds" labels { key: "method" value: "Search" }
                      durations { bounds: .001 bounds: .002 counts: 5000 counts: 10000 counts: 0
                                  sum: 15 } }
            metrics { name: "policykb_queue_waiting" value: 3
                      labels { key: "queue" value: "computing" } }
            metrics { name: "policykb_queue_running" value: 2
                      labels { key: "queue" value: "computing" } }
            metrics { name: "policykb_search_stage_seconds" labels { key: "stage" value: "dense" }
                      durations { bounds: .001 counts: 10 counts: 0 sum: .004 } }
            metrics { name: "policykb_search_stage_seconds" labels { key: "stage" value: "terms" }
                      durations { bounds: .001 counts: 10 counts: 0 sum: .0006 } })")};
}

TEST(StatusReportTest, PercentilesGrowEvenlyWithinTheirRange) {
  v1::DurationCounts durations;
  for (const double bound : {.001, .002, .005}) durations.add_bounds(bound);
  for (const int64_t count : {10, 80, 10, 0}) durations.add_counts(count);
  // Half of 100 is the 40th of the 80 between 1 and 2 ms; 99 the 9th of the ten between 2 and 5.
  EXPECT_EQ(PercentileOf(durations, .5), absl::Microseconds(1500));
  EXPECT_NEAR(absl::ToDoubleMilliseconds(PercentileOf(durations, .99)), 4.7, 1e-9);
  EXPECT_EQ(PercentileOf(v1::DurationCounts(), .5), absl::ZeroDuration());
  durations.set_counts(3, 1000);
  EXPECT_EQ(PercentileOf(durations, .99), absl::Milliseconds(5));
}

TEST(StatusReportTest, ARetrieverIsShownInFullLines) {
  EXPECT_EQ(StatusForPeople({Retriever()}, kNow),
            "policykb-retriever 0.1.0 at 127.0.0.1:50051\n"
            "  health      SERVING, up 2 h 5 min\n"
            "  snapshot    20261124-012927, published 2026-11-24 01:29 UTC, 1 d 2 h ago\n"
            "  holds       1,347 documents, 56,771 passages that you may see\n"
            "  calls       15,012, 2.00 per second since the start\n"
            "              Search                15,012, p50 1.2 ms, p99 2.0 ms\n"
            "  not OK      RESOURCE_EXHAUSTED 12\n"
            "  refused     RATE_LIMIT 12\n"
            "  stages      dense 0.40 ms, terms 0.06 ms\n"
            "  queues      computing 3 waiting, 2 running\n");
}

TEST(StatusReportTest, AGeneratorSaysWhatItsAnswersAndModelCameTo) {
  const ServerStatus generator{
      .address = "127.0.0.1:50052", .health = "SERVING", .status = Parsed(R"(
        program: "policykb-generator" version: "0.1.0" uptime_seconds: 59
        model: "deepseek-chat" model_circuit: "open"
        faults { subject: "model" message: "503" since: "2026-11-25T03:30:00Z" times: 7 }
        metrics { name: "policykb_answers_total" value: 90
                  labels { key: "status" value: "ANSWER_STATUS_ANSWERED" }
                  labels { key: "mode" value: "ANSWER_MODE_MODEL" } }
        metrics { name: "policykb_answers_total" value: 9
                  labels { key: "status" value: "ANSWER_STATUS_NO_SUPPORT" }
                  labels { key: "mode" value: "ANSWER_MODE_UNSPECIFIED" } }
        metrics { name: "policykb_answers_cached_total" value: 12 }
        metrics { name: "policykb_model_calls_total" value: 80
                  labels { key: "code" value: "OK" } }
        metrics { name: "policykb_model_calls_total" value: 7
                  labels { key: "code" value: "UNAVAILABLE" } }
        metrics { name: "policykb_model_tokens_total" value: 120000
                  labels { key: "kind" value: "prompt" } })")};
  const std::string text = StatusForPeople({generator}, kNow);
  EXPECT_THAT(text, HasSubstr("  health      SERVING, up 59 s\n"));
  EXPECT_THAT(text,
              HasSubstr("  WRONG       model: 503 (since 2026-11-25 03:30 UTC, 5 min ago, met "
                        "7 times)\n"));
  EXPECT_THAT(text, HasSubstr("  answers     answered 90, no support 9\n  written by  model 90\n"));
  EXPECT_THAT(text, HasSubstr("  cache       12 of 99 answers\n"));
  EXPECT_THAT(text, HasSubstr("  model       deepseek-chat, circuit open, 87 calls, failed: "
                              "UNAVAILABLE 7\n  tokens      prompt 120,000\n"));
  EXPECT_FALSE(AllWell({generator}));
  EXPECT_TRUE(AllWell({Retriever()}));
}

TEST(StatusReportTest, LinesStayWithinEightyColumns) {
  ServerStatus server = Retriever();
  v1::Fault& fault = *server.status->add_faults();
  fault.set_subject("snapshot");
  for (int i = 0; i < 40; ++i) fault.mutable_message()->append("校验和不符 MANIFEST.json ");
  const std::string text = StatusForPeople({server}, kNow);
  for (const std::string_view line : Split(text, '\n')) {
    size_t columns = 0;
    // Characters of three bytes are wide ones here.
    for (size_t i = 0; i < line.size(); ++i) {
      const auto byte = static_cast<unsigned char>(line[i]);
      columns += byte < 0x80 ? 1 : byte >= 0xC0 ? 2 : 0;
    }
    EXPECT_LE(columns, 80U) << line;
  }
}

TEST(StatusReportTest, AServerThatIsAwayIsSaidToBe) {
  const std::vector<ServerStatus> servers = {
      Retriever(),
      {.address = "10.0.0.2:50051",
       .health = "failed to connect",
       .status = absl::UnavailableError("failed to connect")}};
  EXPECT_THAT(StatusForPeople(servers, kNow),
              HasSubstr("\n\n10.0.0.2:50051\n  AWAY        UNAVAILABLE: failed to connect\n"));
  EXPECT_FALSE(AllWell(servers));
  const std::string json = StatusJson(servers);
  EXPECT_THAT(json, HasSubstr("\"error\": \"failed to connect\""));
  EXPECT_THAT(json, HasSubstr("\"program\": \"policykb-retriever\""));
  EXPECT_THAT(json, Not(HasSubstr("null")));
}

}  // namespace
}  // namespace policykb
