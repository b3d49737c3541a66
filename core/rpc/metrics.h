// Metrics: counts, levels and durations of a server.
//
// Which metrics there are is said once, with their help; names and labels that carry what someone
// asked or who they are have no place here. Not for logs, nor for how they are served
// (metrics_server.h, admin_service.h). Any thread.

#ifndef POLICYKB_CORE_RPC_METRICS_H_
#define POLICYKB_CORE_RPC_METRICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace policykb {

enum class MetricKind {
  kCounter,  // only grows
  kGauge,    // a level
  kSeconds,  // durations, counted in ranges from 50 microseconds to half a minute
};

struct MetricSpec {
  std::string_view name;  // "policykb_calls_total"
  MetricKind kind = MetricKind::kCounter;
  std::string_view help;  // one sentence
};

struct DurationRanges {
  std::vector<double> bounds;   // upper ends, seconds, ascending
  std::vector<int64_t> counts;  // bounds.size()+1: how many are in each range, the last without end
  double sum = 0;               // of all durations, seconds
};

struct MetricSample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;                         // of counters and gauges
  std::optional<DurationRanges> durations;  // of kSeconds
};

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  // `specs` must outlive the object.
  explicit Metrics(std::span<const MetricSpec> specs);
  ~Metrics();

  // REQUIRES of all: a metric of that name and kind is among the specs.
  void Add(std::string_view name, const Labels& labels, double by = 1);
  void Observe(std::string_view name, const Labels& labels, absl::Duration took);
  // The same as Observe for durations that are many: name and labels are looked up once. Valid as
  // long as this object.
  std::function<void(absl::Duration)> Observer(std::string_view name, const Labels& labels);
  // The only value of that name: values with other labels are gone.
  void Set(std::string_view name, const Labels& labels, double value);
  // `read` is asked whenever someone looks, from any thread, as long as this object lives. Once for
  // each name and labels.
  void Watch(std::string_view name, const Labels& labels, std::function<double()> read);

  // All, as Prometheus reads them.
  std::string Text() const;
  // All, one by one.
  std::vector<MetricSample> Samples() const;

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_METRICS_H_
