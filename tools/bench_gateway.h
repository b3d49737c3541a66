// policykb bench --gateway: searches and streamed answers through a gateway, as its clients have
// them.
//
// Closed loop: each caller waits for its response. Counts from sending to the last byte of a
// search, and to the first sentence of an answer. One call at a time.

#ifndef POLICYKB_TOOLS_BENCH_GATEWAY_H_
#define POLICYKB_TOOLS_BENCH_GATEWAY_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "tools/bench.h"

namespace policykb {

struct GatewayBenchReport {
  bool answers = false;  // else searches
  size_t requests = 0;   // measured
  size_t failed = 0;     // without a whole response of code 200
  double seconds = 0;
  LatencyFigures latency = {};         // of whole responses
  LatencyFigures first_sentence = {};  // of answers
  double bytes_mean = 0;               // of a response's body
};

// Sends the topics `repeats` times after a pass that warms up, with `threads` callers at once; the
// key, where one is needed, as ReadApiKey with channel.api_key_file. Errors: as ReadTopics and
// ReadApiKey; Unavailable (no response at all).
absl::StatusOr<GatewayBenchReport> BenchGateway(const std::string& gateway,
                                                const BenchOptions& options);

std::string GatewayBenchText(const GatewayBenchReport& report, const BenchOptions& options);
// One JSON object.
std::string GatewayBenchJson(const GatewayBenchReport& report);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_GATEWAY_H_
