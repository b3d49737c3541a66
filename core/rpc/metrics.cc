#include "core/rpc/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"

namespace policykb {

namespace {

const prometheus::Histogram::BucketBoundaries& Ranges() {
  static const prometheus::Histogram::BucketBoundaries ranges = {
      .00005, .0001, .0002, .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30};
  return ranges;
}

// Levels that are read when someone looks.
class Watched : public prometheus::Collectable {
 public:
  void Add(const MetricSpec& spec, const Metrics::Labels& labels, std::function<double()> read) {
    absl::MutexLock lock(&mutex_);
    gauges_.push_back({spec, labels, std::move(read)});
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const Gauge& gauge : gauges_) {
      prometheus::ClientMetric metric;
      metric.gauge.value = gauge.read();
      for (const auto& [name, value] : gauge.labels) metric.label.push_back({name, value});
      // Levels of one name are told together.
      const auto same =
          std::find_if(families.begin(), families.end(),
                       [&gauge](const auto& family) { return family.name == gauge.spec.name; });
      if (same != families.end()) {
        same->metric.push_back(std::move(metric));
        continue;
      }
      families.push_back({.name = std::string(gauge.spec.name),
                          .help = std::string(gauge.spec.help),
                          .type = prometheus::MetricType::Gauge,
                          .metric = {std::move(metric)}});
    }
    return families;
  }

 private:
  struct Gauge {
    MetricSpec spec;
    Metrics::Labels labels;
    std::function<double()> read;
  };
  mutable absl::Mutex mutex_;
  std::vector<Gauge> gauges_ ABSL_GUARDED_BY(mutex_);
};

MetricSample SampleOf(const prometheus::MetricFamily& family,
                      const prometheus::ClientMetric& metric) {
  MetricSample sample;
  sample.name = family.name;
  for (const prometheus::ClientMetric::Label& label : metric.label)
    sample.labels[label.name] = label.value;
  if (family.type == prometheus::MetricType::Counter) {
    sample.value = metric.counter.value;
  } else if (family.type == prometheus::MetricType::Gauge) {
    sample.value = metric.gauge.value;
  } else {
    // Prometheus counts what is in a range and all below it.
    DurationRanges& durations = sample.durations.emplace();
    uint64_t below = 0;
    for (const prometheus::ClientMetric::Bucket& bucket : metric.histogram.bucket) {
      if (!std::isinf(bucket.upper_bound)) durations.bounds.push_back(bucket.upper_bound);
      durations.counts.push_back(static_cast<int64_t>(bucket.cumulative_count - below));
      below = bucket.cumulative_count;
    }
    durations.sum = metric.histogram.sample_sum;
  }
  return sample;
}

}  // namespace

struct Metrics::State {
  std::span<const MetricSpec> specs;
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::shared_ptr<Watched> watched = std::make_shared<Watched>();
  std::map<std::string, prometheus::Family<prometheus::Counter>*, std::less<>> counters;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*, std::less<>> seconds;
  struct Level {
    prometheus::Family<prometheus::Gauge>* family;
    Labels labels;
    prometheus::Gauge* gauge;  // null before the first value
  };
  absl::Mutex mutex;
  std::map<std::string, Level, std::less<>> levels ABSL_GUARDED_BY(mutex);

  std::vector<prometheus::MetricFamily> Collect() const {
    std::vector<prometheus::MetricFamily> families = registry->Collect();
    std::vector<prometheus::MetricFamily> read_now = watched->Collect();
    std::move(read_now.begin(), read_now.end(), std::back_inserter(families));
    return families;
  }
};

Metrics::Metrics(std::span<const MetricSpec> specs) : state_(std::make_unique<State>()) {
  state_->specs = specs;
  for (const MetricSpec& spec : specs) {
    const std::string name(spec.name);
    const std::string help(spec.help);
    if (spec.kind == MetricKind::kCounter) {
      state_->counters[name] =
          &prometheus::BuildCounter().Name(name).Help(help).Register(*state_->registry);
    } else if (spec.kind == MetricKind::kSeconds) {
      state_->seconds[name] =
          &prometheus::BuildHistogram().Name(name).Help(help).Register(*state_->registry);
    } else {
      absl::MutexLock lock(&state_->mutex);
      state_->levels[name] = {
          .family = &prometheus::BuildGauge().Name(name).Help(help).Register(*state_->registry),
          .labels = {},
          .gauge = nullptr};
    }
  }
}

Metrics::~Metrics() = default;

void Metrics::Add(std::string_view name, const Labels& labels, double by) {
  const auto found = state_->counters.find(name);
  assert(found != state_->counters.end());
  found->second->Add(labels).Increment(by);
}

void Metrics::Observe(std::string_view name, const Labels& labels, absl::Duration took) {
  const auto found = state_->seconds.find(name);
  assert(found != state_->seconds.end());
  found->second->Add(labels, Ranges()).Observe(absl::ToDoubleSeconds(took));
}

std::function<void(absl::Duration)> Metrics::Observer(std::string_view name, const Labels& labels) {
  const auto found = state_->seconds.find(name);
  assert(found != state_->seconds.end());
  prometheus::Histogram& histogram = found->second->Add(labels, Ranges());
  return [&histogram](absl::Duration took) { histogram.Observe(absl::ToDoubleSeconds(took)); };
}

void Metrics::Set(std::string_view name, const Labels& labels, double value) {
  absl::MutexLock lock(&state_->mutex);
  const auto found = state_->levels.find(name);
  assert(found != state_->levels.end());
  State::Level& level = found->second;
  if (level.gauge != nullptr && level.labels != labels) {
    level.family->Remove(level.gauge);
    level.gauge = nullptr;
  }
  if (level.gauge == nullptr) level.gauge = &level.family->Add(labels);
  level.labels = labels;
  level.gauge->Set(value);
}

void Metrics::Watch(std::string_view name, const Labels& labels, std::function<double()> read) {
  const auto spec = std::find_if(state_->specs.begin(), state_->specs.end(),
                                 [name](const MetricSpec& each) { return each.name == name; });
  assert(spec != state_->specs.end());
  state_->watched->Add(*spec, labels, std::move(read));
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(state_->Collect());
}

std::vector<MetricSample> Metrics::Samples() const {
  std::vector<MetricSample> samples;
  for (const prometheus::MetricFamily& family : state_->Collect()) {
    for (const prometheus::ClientMetric& metric : family.metric)
      samples.push_back(SampleOf(family, metric));
  }
  return samples;
}

}  // namespace policykb
