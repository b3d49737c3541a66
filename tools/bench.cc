#include "tools/bench.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/message_conversion.h"
#include "retriever/retriever_calls.h"
#include "retriever/stage_clock.h"
#include "tools/closed_loop.h"
#include "tools/retriever_access.h"
#include "tools/topics.h"

namespace policykb {

namespace {

// A line of /proc/self/status in MiB, 0 where the system does not tell.
double StatusMib(std::string_view name) {
  const absl::StatusOr<std::string> status = ReadFile("/proc/self/status", 1 << 16);
  if (!status.ok()) return 0;
  for (const std::string_view line : Split(*status, '\n')) {
    if (!line.starts_with(name)) continue;
    return std::strtod(std::string(line.substr(name.size())).c_str(), nullptr) / 1024;
  }
  return 0;
}

// Lets the peak begin anew; where the system refuses, it stays that of the whole process.
void ResetPeak() { std::ofstream("/proc/self/clear_refs") << "5"; }

// All topics once in process, shared out over the callers.
LoopPass RunPass(std::vector<std::unique_ptr<RetrieverAccess>>& callers,
                 const std::vector<Topic>& topics, int k) {
  LoopPass pass;
  pass.ms.resize(topics.size());
  std::atomic<size_t> next = 0;
  std::atomic<size_t> failed = 0;
  const auto work = [&](RetrieverAccess& access) {
    for (size_t i = next.fetch_add(1); i < topics.size(); i = next.fetch_add(1)) {
      v1::SearchRequest request;
      request.set_query(topics[i].text);
      request.set_k(k);
      request.set_as_of_date(topics[i].as_of);
      const absl::Time begun = absl::Now();
      if (!access.Search(request, begun + absl::Seconds(10)).ok()) failed.fetch_add(1);
      pass.ms[i] = absl::ToDoubleMilliseconds(absl::Now() - begun);
    }
  };
  const absl::Time begun = absl::Now();
  std::vector<std::thread> threads;
  for (size_t i = 1; i < callers.size(); ++i) threads.emplace_back(work, std::ref(*callers[i]));
  work(*callers[0]);
  for (std::thread& thread : threads) thread.join();
  pass.seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  pass.failed = failed;
  std::sort(pass.ms.begin(), pass.ms.end());
  return pass;
}

// The topics `repeats` times, one search at a time, by stage.
absl::StatusOr<std::vector<StageFigures>> TimeStages(const LocalSearcher& searcher,
                                                     const std::vector<Topic>& topics,
                                                     const BenchOptions& options) {
  ASSIGN_OR_RETURN(const TodaySource today, TodayIn(kDefaultZone));
  std::array<std::vector<double>, kStages> ms;
  for (int i = 0; i < options.repeats; ++i) {
    for (const Topic& topic : topics) {
      SearchQuery query;
      query.text = topic.text;
      query.k = static_cast<uint32_t>(options.k);
      ASSIGN_OR_RETURN(query.as_of, AsOfDate(topic.as_of, today()));
      StageClock clock;
      // One that fails is counted by the passes that are measured as a whole.
      if (!searcher.SearchTimed(query, clock).ok()) continue;
      for (size_t stage = 0; stage < kStages; ++stage)
        ms[stage].push_back(absl::ToDoubleMilliseconds(clock.times()[stage]));
    }
  }
  std::vector<StageFigures> figures;
  for (size_t stage = 0; stage < kStages; ++stage) {
    std::vector<double>& all = ms[stage];
    if (all.empty()) continue;
    std::sort(all.begin(), all.end());
    const double sum = std::accumulate(all.begin(), all.end(), 0.0);
    figures.push_back({.name = std::string(kStageNames[stage]),
                       .p50_ms = NearestRank(all, 0.5),
                       .p99_ms = NearestRank(all, 0.99),
                       .mean_ms = sum / static_cast<double>(all.size())});
  }
  return figures;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return NearestRank(values, 0.5);
}

}  // namespace

double NearestRank(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  return sorted[std::max<size_t>(rank, 1) - 1];
}

LatencyFigures LatencyOf(std::vector<double> ms) {
  if (ms.empty()) return {};
  std::sort(ms.begin(), ms.end());
  return {.mean_ms = std::accumulate(ms.begin(), ms.end(), 0.0) / static_cast<double>(ms.size()),
          .p50_ms = NearestRank(ms, 0.5),
          .p90_ms = NearestRank(ms, 0.9),
          .p99_ms = NearestRank(ms, 0.99),
          .p999_ms = NearestRank(ms, 0.999),
          .max_ms = ms.back()};
}

absl::StatusOr<BenchReport> Bench(const BenchOptions& options) {
  if (options.kb.empty() == options.retriever.empty()) {
    return absl::InvalidArgumentError("bench: expected exactly one of --kb and --retriever");
  }
  if (options.kb.empty() && !options.snapshot.empty())
    return absl::InvalidArgumentError("--snapshot: expected together with --kb DIR");
  if (options.kb.empty() && options.stages)
    return absl::InvalidArgumentError("--stages: expected together with --kb DIR");
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(options.topics));
  BenchReport report;
  std::vector<std::unique_ptr<RetrieverAccess>> callers;
  std::shared_ptr<const LocalSearcher> searcher;
  if (!options.kb.empty()) {
    ResetPeak();
    const absl::Time begun = absl::Now();
    ASSIGN_OR_RETURN(searcher, OpenSearcher(options.kb, options.snapshot));
    report.in_process = true;
    report.open_ms = absl::ToDoubleMilliseconds(absl::Now() - begun);
  }
  std::unique_ptr<ClosedLoop> loop;  // over gRPC
  if (searcher) {
    for (int i = 0; i < options.threads; ++i)
      callers.push_back(MakeLocalAccess(searcher, {kPublicLabel}));
  } else {
    ChannelOptions channel = options.channel;
    channel.address = options.retriever;
    ASSIGN_OR_RETURN(callers.emplace_back(), MakeRemoteAccess(channel));
    ASSIGN_OR_RETURN(loop, ClosedLoop::Open(channel, topics, options.k));
  }
  const auto run = [&] {
    return loop ? loop->Run(options.threads) : RunPass(callers, topics, options.k);
  };
  ASSIGN_OR_RETURN(const v1::GetSnapshotResponse snapshot, callers[0]->GetSnapshot());
  report.documents = static_cast<uint64_t>(snapshot.documents());
  report.passages = static_cast<uint64_t>(snapshot.passages());
  run();
  std::vector<std::vector<double>> figures(7);
  for (int i = 0; i < options.repeats; ++i) {
    const LoopPass pass = run();
    report.searches += pass.ms.size();
    report.failed += pass.failed;
    const LatencyFigures of = LatencyOf(pass.ms);
    const double values[] = {of.mean_ms,
                             of.p50_ms,
                             of.p90_ms,
                             of.p99_ms,
                             of.p999_ms,
                             of.max_ms,
                             static_cast<double>(pass.ms.size()) / pass.seconds};
    for (size_t f = 0; f < figures.size(); ++f) figures[f].push_back(values[f]);
  }
  report.latency = {.mean_ms = Median(figures[0]),
                    .p50_ms = Median(figures[1]),
                    .p90_ms = Median(figures[2]),
                    .p99_ms = Median(figures[3]),
                    .p999_ms = Median(figures[4]),
                    .max_ms = Median(figures[5])};
  report.searches_per_second = Median(figures[6]);
  if (options.stages) {
    ASSIGN_OR_RETURN(report.stages, TimeStages(*searcher, topics, options));
  }
  if (options.answers) {
    ASSIGN_OR_RETURN(report.answers, BenchAnswers(*callers[0], topics, options.k, options.repeats));
  }
  report.resident_mib = StatusMib("VmRSS:");
  report.peak_mib = StatusMib("VmHWM:");
  return report;
}

}  // namespace policykb
