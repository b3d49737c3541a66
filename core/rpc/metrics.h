// Metrics: counts, levels and durations of a server, served for Prometheus over HTTP.
//
// Which metrics there are is said once, with their help; names and labels that carry what someone
// asked or who they are have no place here. Not for logs. Any thread.

#ifndef POLICYKB_CORE_RPC_METRICS_H_
#define POLICYKB_CORE_RPC_METRICS_H_

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

enum class MetricKind {
  kCounter,  // only grows
  kGauge,    // a level
  kSeconds,  // durations, counted in ranges from half a millisecond to half a minute
};

struct MetricSpec {
  std::string_view name;  // "policykb_calls_total"
  MetricKind kind = MetricKind::kCounter;
  std::string_view help;  // one sentence
};

class Metrics {
 public:
  using Labels = std::map<std::string, std::string>;

  // Serves them at http://LISTEN/metrics; host:port of a loopback address, port 0 takes a free one.
  // `specs` must outlive the object. Errors: InvalidArgument (no host:port), FailedPrecondition
  // (not loopback), Unavailable (the address cannot be bound).
  static absl::StatusOr<std::unique_ptr<Metrics>> Serve(std::span<const MetricSpec> specs,
                                                        const std::string& listen);
  ~Metrics();

  // host:port that is served.
  const std::string& address() const;

  // REQUIRES of all: a metric of that name and kind is among the specs.
  void Add(std::string_view name, const Labels& labels, double by = 1);
  void Observe(std::string_view name, const Labels& labels, absl::Duration took);
  // The only value of that name: values with other labels are gone.
  void Set(std::string_view name, const Labels& labels, double value);
  // `read` is asked whenever someone looks, from any thread, as long as this object lives.
  void Watch(std::string_view name, std::function<double()> read);

 private:
  struct State;

  explicit Metrics(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_METRICS_H_
