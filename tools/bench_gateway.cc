#include "tools/bench_gateway.h"

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/http/http_client.h"
#include "core/rpc/channel.h"
#include "generator/gateway/message_json.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"
#include "tools/numbers.h"
#include "tools/topics.h"

namespace policykb {

namespace {

constexpr absl::Duration kLimit = absl::Seconds(60);

struct Timed {
  double ms = 0;
  double first_sentence_ms = 0;
  size_t bytes = 0;
  bool ok = false;
};

std::string BodyOf(const Topic& topic, const BenchOptions& options) {
  if (options.answers) {
    v1::StreamGenerateAnswerRequest request;
    request.mutable_spec()->set_question(topic.text);
    request.mutable_spec()->set_as_of_date(topic.as_of);
    return MessageToJson(request);
  }
  v1::SearchRequest request;
  request.set_query(topic.text);
  request.set_k(options.k);
  request.set_as_of_date(topic.as_of);
  return MessageToJson(request);
}

Timed Send(HttpClient& client, const HttpRequest& request) {
  Timed timed;
  std::string text;
  int code = 0;
  const absl::Time began = absl::Now();
  const HttpOutcome outcome = client.Post(
      request, [&](const HttpResponseHead& head, std::string_view bytes) -> absl::Status {
        code = head.status;
        text += bytes;
        if (timed.first_sentence_ms == 0 && text.find("event: sentence") != std::string::npos)
          timed.first_sentence_ms = absl::ToDoubleMilliseconds(absl::Now() - began);
        return absl::OkStatus();
      });
  timed.ms = absl::ToDoubleMilliseconds(absl::Now() - began);
  timed.bytes = text.size();
  timed.ok = outcome.status.ok() && code == 200;
  return timed;
}

// One pass over all bodies by so many callers.
std::vector<Timed> Pass(const HttpRequest& request, const std::vector<std::string>& bodies,
                        int callers) {
  std::vector<Timed> all(bodies.size());
  std::atomic<size_t> next = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i) {
    threads.emplace_back([&] {
      // A connection of its own, as clients have.
      absl::StatusOr<std::unique_ptr<HttpClient>> client = HttpClient::Create();
      if (!client.ok()) return;
      for (size_t at = next++; at < bodies.size(); at = next++) {
        HttpRequest mine = request;
        mine.body = bodies[at];
        mine.deadline = absl::Now() + kLimit;
        all[at] = Send(**client, mine);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

std::string LatencyText(std::string_view name, const LatencyFigures& figures) {
  return Cat(name, ": p50 ", Decimals(figures.p50_ms, 2), " ms, p90 ", Decimals(figures.p90_ms, 2),
             " ms, p99 ", Decimals(figures.p99_ms, 2), " ms, mean ", Decimals(figures.mean_ms, 2),
             " ms\n");
}

std::string LatencyJson(const LatencyFigures& figures) {
  return Cat("{\"mean_ms\":", figures.mean_ms, ",\"p50_ms\":", figures.p50_ms,
             ",\"p90_ms\":", figures.p90_ms, ",\"p99_ms\":", figures.p99_ms, "}");
}

double RateOf(const GatewayBenchReport& report) {
  return report.seconds > 0 ? static_cast<double>(report.requests - report.failed) / report.seconds
                            : 0;
}

}  // namespace

absl::StatusOr<GatewayBenchReport> BenchGateway(const std::string& gateway,
                                                const BenchOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(options.topics));
  if (topics.empty()) return absl::InvalidArgumentError(Cat(options.topics, ": holds no topic"));
  ASSIGN_OR_RETURN(const std::string key, ReadApiKey(options.channel.api_key_file));
  HttpRequest request{.url = Cat(gateway, options.answers ? "/v1/answers:stream" : "/v1/search"),
                      .headers = {"Content-Type: application/json"}};
  if (!key.empty()) request.headers.push_back(Cat("Authorization: Bearer ", key));
  std::vector<std::string> bodies;
  for (const Topic& topic : topics) bodies.push_back(BodyOf(topic, options));
  Pass(request, bodies, options.threads);
  GatewayBenchReport report{.answers = options.answers};
  std::vector<double> ms, first;
  const absl::Time began = absl::Now();
  for (int i = 0; i < options.repeats; ++i) {
    for (const Timed& timed : Pass(request, bodies, options.threads)) {
      ++report.requests;
      if (!timed.ok) {
        ++report.failed;
        continue;
      }
      ms.push_back(timed.ms);
      if (timed.first_sentence_ms > 0) first.push_back(timed.first_sentence_ms);
      report.bytes_mean += static_cast<double>(timed.bytes);
    }
  }
  report.seconds = absl::ToDoubleSeconds(absl::Now() - began);
  if (ms.empty())
    return absl::UnavailableError(Cat(gateway, ": gave no response of code 200 to ", request.url));
  report.bytes_mean /= static_cast<double>(ms.size());
  report.latency = LatencyOf(std::move(ms));
  report.first_sentence = LatencyOf(std::move(first));
  return report;
}

std::string GatewayBenchText(const GatewayBenchReport& report, const BenchOptions& options) {
  std::string text =
      Cat(report.answers ? "answers: " : "searches: ", report.requests, " by ", options.threads,
          " callers, ", report.failed, " failed\n", LatencyText("latency", report.latency));
  if (report.answers) text += LatencyText("first sentence", report.first_sentence);
  return Cat(text, "per second: ", Decimals(RateOf(report), 1),
             "\nbytes of a response: ", Decimals(report.bytes_mean, 0), "\n");
}

std::string GatewayBenchJson(const GatewayBenchReport& report) {
  std::string json = Cat("{\"requests\":", report.requests, ",\"failed\":", report.failed,
                         ",\"per_second\":", RateOf(report), ",\"bytes_mean\":", report.bytes_mean,
                         ",\"latency\":", LatencyJson(report.latency));
  if (report.answers) json += Cat(",\"first_sentence\":", LatencyJson(report.first_sentence));
  return json + "}\n";
}

}  // namespace policykb
