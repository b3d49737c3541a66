#include "tools/load.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

namespace {

constexpr double kLowestRate = 20;
constexpr double kFirstRate = 200;
constexpr double kStep = 1.6;
constexpr double kPrecision = 1.05;
constexpr double kOverload = 5;
constexpr double kUnloaded = 0.1;
// A sender that is so far behind has not been late but stopped, with its machine or by someone.
constexpr absl::Duration kStopped = absl::Seconds(2);
// Searches wait for so long to leave together with others.
constexpr absl::Duration kLongestKept = absl::Milliseconds(1);

// What became of one search.
struct Outcome {
  float ms = 0;            // from when it was to leave to its answer
  float left_late_ms = 0;  // from when it was to leave to when it did
  absl::StatusCode code = absl::StatusCode::kUnknown;
};

bool IsFailure(absl::StatusCode code) {
  return code != absl::StatusCode::kOk && code != absl::StatusCode::kResourceExhausted &&
         code != absl::StatusCode::kDeadlineExceeded;
}

bool IsGood(const LoadFigures& figures, double p99_ms) {
  return figures.accepted == figures.offered && figures.latency.p99_ms <= p99_ms;
}

}  // namespace

std::vector<double> ArrivalTimes(double rate, double seconds, Arrivals arrivals) {
  std::mt19937_64 random(7);
  std::exponential_distribution<double> distance(rate);
  std::vector<double> times;
  for (double at = 0; at < seconds;) {
    times.push_back(at);
    at = arrivals == Arrivals::kEven ? static_cast<double>(times.size()) / rate
                                     : at + distance(random);
  }
  return times;
}

// What became of all searches that were sent.
class LoadClient::Outcomes {
 public:
  explicit Outcomes(size_t searches) : outcomes_(searches), due_(searches) {}

  // A search that was to leave then leaves now.
  void Leave(size_t search, absl::Time due) {
    due_[search] = due;
    outcomes_[search].left_late_ms =
        static_cast<float>(absl::ToDoubleMilliseconds(absl::Now() - due));
  }
  void ComeBack(size_t search, const absl::Status& status);
  bool complete() const { return back_ == outcomes_.size(); }
  LoadFigures Summarise(absl::Time start) const;

 private:
  std::vector<Outcome> outcomes_;
  std::vector<absl::Time> due_;
  size_t back_ = 0;
  absl::Time last_ = absl::InfinitePast();
  std::string failure_;
};

void LoadClient::Outcomes::ComeBack(size_t search, const absl::Status& status) {
  last_ = absl::Now();
  ++back_;
  outcomes_[search].ms = static_cast<float>(absl::ToDoubleMilliseconds(last_ - due_[search]));
  outcomes_[search].code = status.code();
  if (failure_.empty() && IsFailure(status.code()))
    failure_ = Cat(absl::StatusCodeToString(status.code()), ": ", std::string(status.message()));
}

LoadFigures LoadClient::Outcomes::Summarise(absl::Time start) const {
  LoadFigures figures;
  figures.seconds = absl::ToDoubleSeconds(last_ - start);
  figures.failure = failure_;
  figures.offered = outcomes_.size();
  std::vector<double> answered, refused, left_late;
  for (const Outcome& outcome : outcomes_) {
    left_late.push_back(outcome.left_late_ms);
    if (outcome.code == absl::StatusCode::kOk) answered.push_back(outcome.ms);
    if (outcome.code == absl::StatusCode::kResourceExhausted) refused.push_back(outcome.ms);
    if (outcome.code == absl::StatusCode::kDeadlineExceeded) ++figures.late;
    if (IsFailure(outcome.code)) ++figures.failed;
  }
  figures.accepted = answered.size();
  figures.refused = refused.size();
  figures.latency = LatencyOf(answered);
  const LatencyFigures of_refused = LatencyOf(refused);
  figures.refused_p50_ms = of_refused.p50_ms;
  figures.refused_p99_ms = of_refused.p99_ms;
  figures.sent_late_p99_ms = LatencyOf(left_late).p99_ms;
  return figures;
}

std::vector<std::string> SearchesFor(const std::vector<Topic>& topics, int k) {
  std::vector<std::string> requests;
  for (const Topic& topic : topics) {
    v1::SearchRequest request;
    request.set_query(topic.text);
    request.set_k(k);
    request.set_as_of_date(topic.as_of);
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

LoadClient::LoadClient(std::vector<std::string> requests) : requests_(std::move(requests)) {}

LoadClient::~LoadClient() = default;

absl::StatusOr<std::unique_ptr<LoadClient>> LoadClient::Open(const ChannelOptions& channel,
                                                             const std::vector<Topic>& topics,
                                                             int k) {
  std::vector<std::string> requests = SearchesFor(topics, k);
  std::shuffle(requests.begin(), requests.end(), std::mt19937_64(7));
  std::unique_ptr<LoadClient> client(new LoadClient(std::move(requests)));
  ASSIGN_OR_RETURN(
      client->caller_,
      UnaryCaller::Open(
          channel, kSearchMethod,
          [client = client.get()](uint64_t search, const absl::Status& status, std::string_view) {
            client->outcomes_->ComeBack(search, status);
          }));
  return client;
}

LoadFigures LoadClient::Offer(double rate, double seconds, const LoadOptions& options) {
  const std::vector<double> times = ArrivalTimes(rate, seconds, options.arrivals);
  outcomes_ = std::make_unique<Outcomes>(times.size());
  absl::Time start = absl::Now() + absl::Milliseconds(1);
  const absl::Time begun = start;
  absl::Time moved = absl::Now();
  size_t stops = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    absl::Time due = start + absl::Seconds(times[i]);
    // Those that are due leave together; a sender that is behind does not keep them for long.
    for (absl::Time now = absl::Now(); now < due || now - moved > kLongestKept; now = absl::Now()) {
      caller_->Run(due);
      moved = absl::Now();
      absl::SleepFor(due - moved);
    }
    if (const absl::Duration behind = absl::Now() - due; behind > kStopped) {
      start += behind;
      due += behind;
      ++stops;
    }
    outcomes_->Leave(i, due);
    caller_->Send(i, requests_[next_++ % requests_.size()],
                  due + absl::Milliseconds(options.deadline_ms));
  }
  while (!outcomes_->complete()) caller_->Run(absl::InfiniteFuture());
  LoadFigures figures = outcomes_->Summarise(begun);
  figures.rate = rate;
  figures.stops = stops;
  return figures;
}

absl::StatusOr<CapacityFigures> MeasureCapacity(const OfferRate& offer, double p99_ms) {
  CapacityFigures figures;
  // Remembers the best in at_capacity.
  const auto is_good = [&](double rate) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      const LoadFigures& tried = figures.tried.emplace_back(offer(rate));
      if (!IsGood(tried, p99_ms)) continue;
      figures.at_capacity = tried;
      return true;
    }
    return false;
  };
  double good = kFirstRate;
  while (!is_good(good)) {
    good /= kStep;
    if (good < kLowestRate) {
      const LoadFigures& last = figures.tried.back();
      return absl::UnavailableError(Cat("capacity: of ", last.offered, " searches at ",
                                        static_cast<int>(last.rate), " per second ", last.accepted,
                                        " were answered",
                                        last.failure.empty() ? "" : Cat("; ", last.failure)));
    }
  }
  double bad = good * kStep;
  while (is_good(bad)) {
    good = bad;
    bad *= kStep;
  }
  while (bad / good > kPrecision) {
    const double middle = (good + bad) / 2;
    (is_good(middle) ? good : bad) = middle;
  }
  figures.unloaded = offer(good * kUnloaded);
  figures.overload = offer(good * kOverload);
  return figures;
}

absl::StatusOr<LoadReport> MeasureLoad(const LoadOptions& load, const BenchOptions& bench) {
  if (load.rates.empty() && !load.capacity)
    return absl::InvalidArgumentError("load: expected rates or a search for the capacity");
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(bench.topics));
  if (topics.empty()) return absl::InvalidArgumentError(Cat(bench.topics, ": holds no topic"));
  ChannelOptions channel = bench.channel;
  channel.address = bench.retriever;
  ASSIGN_OR_RETURN(const std::unique_ptr<LoadClient> client,
                   LoadClient::Open(channel, topics, bench.k));
  const LoadFigures first = client->Offer(kFirstRate, load.warm_up_seconds, load);
  if (first.failed == first.offered) return absl::UnavailableError(first.failure);
  const OfferRate offer = [&](double rate) { return client->Offer(rate, load.seconds, load); };
  LoadReport report;
  for (const double rate : load.rates) report.rates.push_back(offer(rate));
  if (load.capacity) {
    ASSIGN_OR_RETURN(report.capacity, MeasureCapacity(offer, load.p99_ms));
  }
  return report;
}

}  // namespace policykb
