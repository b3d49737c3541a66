#include "core/rpc/metrics.h"

#include <httplib.h>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/listen_address.h"

namespace policykb {

namespace {

constexpr size_t kThreads = 1;
constexpr time_t kReadSeconds = 5;
constexpr time_t kWriteSeconds = 5;
constexpr size_t kMostRequestBytes = 1 << 16;
constexpr char kTextFormat[] = "text/plain; version=0.0.4; charset=utf-8";

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
  httplib::Server server;
  std::atomic<bool> ended = false;  // of the thread
  std::thread thread;

  State() {
    server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    server.set_read_timeout(kReadSeconds);
    server.set_write_timeout(kWriteSeconds);
    server.set_payload_max_length(kMostRequestBytes);
    // With the library's own SO_REUSEPORT a second server would take a share of this one's
    // requests.
    server.set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server.Get("/metrics", [this](const httplib::Request&, httplib::Response& response) {
      std::vector<prometheus::MetricFamily> families = registry->Collect();
      std::vector<prometheus::MetricFamily> read_now = watched->Collect();
      std::move(read_now.begin(), read_now.end(), std::back_inserter(families));
      response.set_content(prometheus::TextSerializer().Serialize(families), kTextFormat);
    });
  }
  ~State() {
    if (!thread.joinable()) return;
    server.stop();
    thread.join();
  }

  // The port bound; nullopt when it cannot be.
  std::optional<uint16_t> Bind(const ListenAddress& listen) {
    std::string host = listen.host;
    if (host.front() == '[') host = host.substr(1, host.size() - 2);
    if (listen.port != 0) {
      if (!server.bind_to_port(host, listen.port)) return std::nullopt;
      return listen.port;
    }
    const int port = server.bind_to_any_port(host);
    if (port <= 0) return std::nullopt;
    return static_cast<uint16_t>(port);
  }
  // Returns when requests are taken: a stop before that would be forgotten.
  void Run() {
    thread = std::thread([this] {
      server.listen_after_bind();
      ended = true;
    });
    while (!server.is_running() && !ended) std::this_thread::yield();
  }
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
  const std::optional<uint16_t> port = state->Bind(address);
  if (!port) {
    return absl::UnavailableError(Cat("metrics address ", address.ToString(),
                                      ": cannot be bound (in use, or not of this machine)"));
  }
  address.port = *port;
  state->address = address.ToString();
  state->Run();
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
