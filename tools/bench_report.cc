#include "tools/bench_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr double kMib = 1 << 20;

struct NamedLatency {
  const char* name;
  double LatencyFigures::*value;
};

constexpr NamedLatency kLatencies[] = {
    {"mean", &LatencyFigures::mean_ms},  {"p50", &LatencyFigures::p50_ms},
    {"p90", &LatencyFigures::p90_ms},    {"p99", &LatencyFigures::p99_ms},
    {"p99.9", &LatencyFigures::p999_ms}, {"max", &LatencyFigures::max_ms}};

nlohmann::ordered_json Figures(const BenchReport& report, const BenchOptions& options) {
  nlohmann::ordered_json json = {{"documents", report.documents}, {"passages", report.passages}};
  if (report.in_process) json["open_ms"] = report.open_ms;
  json["k"] = options.k;
  json["threads"] = options.threads;
  json["searches"] = report.searches;
  json["failed"] = report.failed;
  for (const NamedLatency& latency : kLatencies)
    json["search_ms"][latency.name] = report.latency.*latency.value;
  for (const StageFigures& stage : report.stages) {
    json["stages_ms"][stage.name] = {
        {"mean", stage.mean_ms}, {"p50", stage.p50_ms}, {"p99", stage.p99_ms}};
  }
  if (report.answers) {
    for (const auto& [name, figures] : {std::pair("answered", &report.answers->answered),
                                        std::pair("refused", &report.answers->refused)}) {
      json["answers_beyond_search_ms"][name] = {{"answers", figures->answers},
                                                {"p50", figures->p50_ms},
                                                {"p99", figures->p99_ms},
                                                {"max", figures->max_ms}};
    }
  }
  json["searches_per_second"] = report.searches_per_second;
  json["resident_mib"] = report.resident_mib;
  json["peak_mib"] = report.peak_mib;
  return json;
}

std::string Column(const std::string& text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string Conditions(const BenchOptions& options) {
  return Cat("k ", options.k, ", ", options.threads, options.threads == 1 ? " caller" : " callers");
}

}  // namespace

std::string BenchReportText(const BenchReport& report, const BenchOptions& options) {
  std::string text = Cat("documents: ", report.documents, "\npassages: ", report.passages, "\n");
  if (report.in_process) text += Cat("opened in: ", Decimals(report.open_ms, 1), " ms\n");
  text += Cat("searches: ", report.searches, ", ", Conditions(options), ", ", report.failed,
              " failed\nlatency in ms:");
  for (const NamedLatency& latency : kLatencies)
    text += Cat(" ", latency.name, " ", Decimals(report.latency.*latency.value, 3));
  if (!report.stages.empty()) text += "\n  stage          p50      p99     mean";
  for (const StageFigures& stage : report.stages) {
    text += Cat("\n  ", stage.name, std::string(9 - std::min<size_t>(9, stage.name.size()), ' '),
                Column(Decimals(stage.p50_ms, 3), 9), Column(Decimals(stage.p99_ms, 3), 9),
                Column(Decimals(stage.mean_ms, 3), 9));
  }
  if (report.answers) {
    text += "\nanswers without a model, ms beyond searches:";
    for (const auto& [name, figures] : {std::pair("answered", &report.answers->answered),
                                        std::pair("refused", &report.answers->refused)}) {
      text += Cat("\n  ", name, " ", figures->answers, ": p50 ", Decimals(figures->p50_ms, 3),
                  " p99 ", Decimals(figures->p99_ms, 3), " max ", Decimals(figures->max_ms, 3));
    }
  }
  return text + Cat("\nsearches per second: ", Decimals(report.searches_per_second, 0),
                    "\nmemory in MiB: resident ", Decimals(report.resident_mib, 1), ", peak ",
                    Decimals(report.peak_mib, 1), "\n");
}

std::string BenchReportJson(const BenchReport& report, const BenchOptions& options) {
  return Figures(report, options).dump(2) + "\n";
}

std::string BenchSizesText(const std::vector<BenchedSize>& sizes, const BenchOptions& options) {
  std::string text = Cat("latency in ms, ", Conditions(options), "; memory and disk in MiB\n",
                         "   passages  build s  open ms");
  for (const NamedLatency& latency : kLatencies) text += Column(latency.name, 9);
  text += " searches/s  resident      peak      disk\n";
  for (const auto& [base, report] : sizes) {
    text += Cat(Column(Cat(report.passages), 11), Column(Decimals(base.build_seconds, 1), 9),
                Column(Decimals(report.open_ms, 1), 9));
    for (const NamedLatency& latency : kLatencies)
      text += Column(Decimals(report.latency.*latency.value, 3), 9);
    text +=
        Cat(Column(Decimals(report.searches_per_second, 0), 11),
            Column(Decimals(report.resident_mib, 1), 10), Column(Decimals(report.peak_mib, 1), 10),
            Column(Decimals(static_cast<double>(base.kb_bytes) / kMib, 1), 10), "\n");
  }
  return text;
}

std::string BenchSizesJson(const std::vector<BenchedSize>& sizes, const BenchOptions& options) {
  nlohmann::ordered_json json;
  auto& list = json["sizes"] = nlohmann::ordered_json::array();
  for (const auto& [base, report] : sizes) {
    nlohmann::ordered_json figures = Figures(report, options);
    figures["build_seconds"] = base.build_seconds;
    figures["kb_bytes"] = base.kb_bytes;
    list.push_back(std::move(figures));
  }
  return json.dump(2) + "\n";
}

std::string VectorBenchText(const VectorBenchReport& report, const BenchOptions& options) {
  std::string text =
      Cat("vectors: ", report.vectors, " of ", report.dimension, " components in ", report.segments,
          " segments, ", report.indexes, " with an index\nquestions: ", report.questions, ", k ",
          options.k, "\n       kept   recall   p50 ms   p99 ms\n");
  for (const FilteredVectorFigures& filter : report.filters) {
    text += Cat(Column(Cat(filter.kept), 11), Column(Decimals(filter.recall, 4), 9),
                Column(Decimals(filter.p50_ms, 3), 9), Column(Decimals(filter.p99_ms, 3), 9), "\n");
  }
  return text;
}

std::string VectorBenchJson(const VectorBenchReport& report, const BenchOptions& options) {
  nlohmann::ordered_json json = {{"vectors", report.vectors},     {"dimension", report.dimension},
                                 {"segments", report.segments},   {"indexes", report.indexes},
                                 {"questions", report.questions}, {"k", options.k}};
  auto& list = json["filters"] = nlohmann::ordered_json::array();
  for (const FilteredVectorFigures& filter : report.filters) {
    list.push_back({{"kept", filter.kept},
                    {"recall", filter.recall},
                    {"p50_ms", filter.p50_ms},
                    {"p99_ms", filter.p99_ms}});
  }
  return json.dump(2) + "\n";
}

}  // namespace policykb
