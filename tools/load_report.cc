#include "tools/load_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

struct Row {
  std::string name;
  const LoadFigures* figures;
};

std::vector<Row> RowsOf(const LoadReport& report) {
  std::vector<Row> rows;
  for (const LoadFigures& figures : report.rates) rows.push_back({"", &figures});
  if (report.capacity) {
    for (const LoadFigures& figures : report.capacity->tried) rows.push_back({"tried", &figures});
    rows.push_back({"unloaded", &report.capacity->unloaded});
    rows.push_back({"capacity", &report.capacity->at_capacity});
    rows.push_back({"overload", &report.capacity->overload});
  }
  return rows;
}

std::string Column(const std::string& text, size_t width = 9) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

nlohmann::ordered_json JsonOf(const LoadFigures& figures) {
  nlohmann::ordered_json json = {
      {"rate", figures.rate},
      {"seconds", figures.seconds},
      {"offered", figures.offered},
      {"accepted", figures.accepted},
      {"refused", figures.refused},
      {"late", figures.late},
      {"failed", figures.failed},
      {"goodput_per_second", figures.goodput()},
      {"accepted_ms",
       {{"mean", figures.latency.mean_ms},
        {"p50", figures.latency.p50_ms},
        {"p90", figures.latency.p90_ms},
        {"p99", figures.latency.p99_ms},
        {"p99.9", figures.latency.p999_ms},
        {"max", figures.latency.max_ms}}},
      {"refused_ms", {{"p50", figures.refused_p50_ms}, {"p99", figures.refused_p99_ms}}},
      {"sent_late_p99_ms", figures.sent_late_p99_ms},
      {"stops", figures.stops}};
  if (!figures.failure.empty()) json["failure"] = figures.failure;
  return json;
}

// `of` as a share of `whole`, "0.83".
double Share(double of, double whole) { return whole > 0 ? of / whole : 0; }

}  // namespace

std::string LoadReportText(const LoadReport& report, const LoadOptions& options) {
  std::string text =
      Cat("open loop, ", options.arrivals == Arrivals::kPoisson ? "by chance" : "even", ", ",
          Decimals(options.seconds, 1), " s each, latency in ms from when a search was to leave\n");
  const std::string pad(9, ' ');
  text += pad;
  for (const char* head : {"rate/s", "good/s", "offered", "refused", "late", "failed", "p50", "p90",
                           "p99", "p99.9", "max", "refusal99", "sender99"}) {
    text += Column(head, 10);
  }
  std::string failure;
  size_t stops = 0;
  for (const Row& row : RowsOf(report)) {
    const LoadFigures& of = *row.figures;
    text += Cat("\n", row.name, std::string(9 - std::min<size_t>(9, row.name.size()), ' '));
    text += Column(Decimals(of.rate, 0), 10) + Column(Decimals(of.goodput(), 0), 10);
    for (const size_t count : {of.offered, of.refused, of.late, of.failed})
      text += Column(Cat(count), 10);
    for (const double ms :
         {of.latency.p50_ms, of.latency.p90_ms, of.latency.p99_ms, of.latency.p999_ms,
          of.latency.max_ms, of.refused_p99_ms, of.sent_late_p99_ms}) {
      text += Column(Decimals(ms, 2), 10);
    }
    if (failure.empty()) failure = of.failure;
    stops += of.stops;
  }
  text += "\n";
  if (stops > 0) text += Cat("the sender was stopped for seconds: ", stops, " times\n");
  if (!failure.empty()) text += Cat("first failure: ", failure, "\n");
  if (report.capacity) {
    const CapacityFigures& found = *report.capacity;
    text += Cat("capacity: ", Decimals(found.at_capacity.rate, 0),
                " searches per second with p99 at most ", Decimals(options.p99_ms, 0),
                " ms and nothing refused\nat ",
                Decimals(Share(found.overload.rate, found.at_capacity.rate), 1),
                " times that: p99 of answers ",
                Decimals(Share(found.overload.latency.p99_ms, found.unloaded.latency.p99_ms), 2),
                " times that without load, goodput ",
                Decimals(100 * Share(found.overload.goodput(), found.at_capacity.rate), 0),
                " % of the capacity\n");
  }
  return text;
}

std::string LoadReportJson(const LoadReport& report, const LoadOptions& options) {
  nlohmann::ordered_json json = {
      {"arrivals", options.arrivals == Arrivals::kPoisson ? "poisson" : "even"},
      {"seconds", options.seconds},
      {"deadline_ms", options.deadline_ms}};
  for (const LoadFigures& figures : report.rates) json["rates"].push_back(JsonOf(figures));
  if (report.capacity) {
    const CapacityFigures& found = *report.capacity;
    for (const LoadFigures& figures : found.tried) json["tried"].push_back(JsonOf(figures));
    json["unloaded"] = JsonOf(found.unloaded);
    json["capacity"] = JsonOf(found.at_capacity);
    json["overload"] = JsonOf(found.overload);
    json["overload_p99_ratio"] =
        Share(found.overload.latency.p99_ms, found.unloaded.latency.p99_ms);
    json["overload_goodput_share"] = Share(found.overload.goodput(), found.at_capacity.rate);
  }
  return json.dump() + "\n";
}

}  // namespace policykb
