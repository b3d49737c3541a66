#include "core/rpc/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <cassert>
#include <exception>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"

namespace policykb {

namespace {

constexpr size_t kThreads = 1;

const prometheus::Histogram::BucketBoundaries& Ranges() {
  static const prometheus::Histogram::BucketBoundaries ranges = {
      .0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10, 30};
  return ranges;
}

// Levels that are read when someone looks.
class Watched : public prometheus::Collectable {
 public:
  void Add(const MetricSpec& spec, std::function<double()> read) {
    absl::MutexLock lock(&mutex_);
    gauges_.push_back({spec, std::move(read)});
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    absl::MutexLock lock(&mutex_);
    std::vector<prometheus::MetricFamily> families;
    for (const Gauge& gauge : gauges_) {
      prometheus::ClientMetric metric;
      metric.gauge.value = gauge.read();
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
    std::function<double()> read;
  };
  mutable absl::Mutex mutex_;
  std::vector<Gauge> gauges_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

struct Metrics::State {
  std::span<const MetricSpec> specs;
  std::string address;
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
  // Last, so that nobody looks while the rest goes.
  std::unique_ptr<prometheus::Exposer> exposer;
};

Metrics::Metrics(std::unique_ptr<State> state) : state_(std::move(state)) {}

Metrics::~Metrics() = default;

absl::StatusOr<std::unique_ptr<Metrics>> Metrics::Serve(std::span<const MetricSpec> specs,
                                                        const std::string& listen) {
  ASSIGN_OR_RETURN(ListenAddress address, ParseLoopbackAddress(listen));
  auto state = std::make_unique<State>();
  state->specs = specs;
  for (const MetricSpec& spec : specs) {
    const std::string name(spec.name);
    const std::string help(spec.help);
    if (spec.kind == MetricKind::kCounter) {
      state->counters[name] =
          &prometheus::BuildCounter().Name(name).Help(help).Register(*state->registry);
    } else if (spec.kind == MetricKind::kSeconds) {
      state->seconds[name] =
          &prometheus::BuildHistogram().Name(name).Help(help).Register(*state->registry);
    } else {
      absl::MutexLock lock(&state->mutex);
      state->levels[name] = {
          .family = &prometheus::BuildGauge().Name(name).Help(help).Register(*state->registry),
          .labels = {},
          .gauge = nullptr};
    }
  }
  try {
    state->exposer = std::make_unique<prometheus::Exposer>(address.ToString(), kThreads);
    address.port = static_cast<uint16_t>(state->exposer->GetListeningPorts().at(0));
  } catch (const std::exception& error) {
    return absl::UnavailableError(Cat("metrics address ", address.ToString(),
                                      ": cannot be bound (in use, or not of this machine)"));
  }
  state->address = address.ToString();
  state->exposer->RegisterCollectable(state->registry);
  state->exposer->RegisterCollectable(state->watched);
  return std::unique_ptr<Metrics>(new Metrics(std::move(state)));
}

const std::string& Metrics::address() const { return state_->address; }

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

void Metrics::Watch(std::string_view name, std::function<double()> read) {
  const auto spec = std::find_if(state_->specs.begin(), state_->specs.end(),
                                 [name](const MetricSpec& each) { return each.name == name; });
  assert(spec != state_->specs.end());
  state_->watched->Add(*spec, std::move(read));
}

}  // namespace policykb
