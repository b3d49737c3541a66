#include "tools/load.h"

#include <grpcpp/completion_queue.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"

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

// What became of one search.
struct Outcome {
  float ms = 0;            // from when it was to leave to its answer
  float left_late_ms = 0;  // from when it was to leave to when it did
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
};

// One search over the wire, gone with its answer.
struct Call {
  grpc::ClientContext context;
  v1::SearchResponse response;
  grpc::Status status;
  absl::Time due;
  size_t search = 0;
};

bool IsFailure(grpc::StatusCode code) {
  return code != grpc::StatusCode::OK && code != grpc::StatusCode::RESOURCE_EXHAUSTED &&
         code != grpc::StatusCode::DEADLINE_EXCEEDED;
}

// What became of all searches that were sent. One thread notes how they left, one how they came
// back.
class Outcomes {
 public:
  explicit Outcomes(size_t searches) : outcomes_(searches) {}

  void Leave(size_t search, absl::Duration late) {
    outcomes_[search].left_late_ms = static_cast<float>(absl::ToDoubleMilliseconds(late));
  }
  // Takes every answer out of the queue.
  void TakeAll(grpc::CompletionQueue& answers);
  LoadFigures Summarise(absl::Time start) const;

 private:
  std::vector<Outcome> outcomes_;
  absl::Time last_ = absl::InfinitePast();
  std::string failure_;
};

void Outcomes::TakeAll(grpc::CompletionQueue& answers) {
  void* tag = nullptr;
  bool ok = false;
  for (size_t taken = 0; taken < outcomes_.size() && answers.Next(&tag, &ok); ++taken) {
    const std::unique_ptr<Call> call(static_cast<Call*>(tag));
    last_ = absl::Now();
    Outcome& outcome = outcomes_[call->search];
    outcome.ms = static_cast<float>(absl::ToDoubleMilliseconds(last_ - call->due));
    outcome.code = call->status.error_code();
    if (failure_.empty() && IsFailure(outcome.code)) {
      const absl::Status failed = FromGrpcStatus(call->status);
      failure_ = Cat(absl::StatusCodeToString(failed.code()), ": ", std::string(failed.message()));
    }
  }
  answers.Shutdown();
  while (answers.Next(&tag, &ok)) {
  }
}

LatencyFigures LatencyOf(std::vector<double>& ms) {
  if (ms.empty()) return {};
  std::sort(ms.begin(), ms.end());
  return {.mean_ms = std::accumulate(ms.begin(), ms.end(), 0.0) / static_cast<double>(ms.size()),
          .p50_ms = NearestRank(ms, 0.5),
          .p90_ms = NearestRank(ms, 0.9),
          .p99_ms = NearestRank(ms, 0.99),
          .p999_ms = NearestRank(ms, 0.999),
          .max_ms = ms.back()};
}

LoadFigures Outcomes::Summarise(absl::Time start) const {
  LoadFigures figures;
  figures.seconds = absl::ToDoubleSeconds(last_ - start);
  figures.failure = failure_;
  figures.offered = outcomes_.size();
  std::vector<double> answered, refused, left_late;
  for (const Outcome& outcome : outcomes_) {
    left_late.push_back(outcome.left_late_ms);
    if (outcome.code == grpc::StatusCode::OK) answered.push_back(outcome.ms);
    if (outcome.code == grpc::StatusCode::RESOURCE_EXHAUSTED) refused.push_back(outcome.ms);
    if (outcome.code == grpc::StatusCode::DEADLINE_EXCEEDED) ++figures.late;
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

std::vector<v1::SearchRequest> SearchesFor(const std::vector<Topic>& topics, int k) {
  std::vector<v1::SearchRequest> requests;
  for (const Topic& topic : topics) {
    v1::SearchRequest& request = requests.emplace_back();
    request.set_query(topic.text);
    request.set_k(k);
    request.set_as_of_date(topic.as_of);
  }
  return requests;
}

LoadClient::LoadClient(RpcChannel channel, std::vector<v1::SearchRequest> requests)
    : channel_(std::move(channel)),
      stub_(v1::RetrieverService::NewStub(channel_.channel())),
      requests_(std::move(requests)) {}

absl::StatusOr<std::unique_ptr<LoadClient>> LoadClient::Open(const ChannelOptions& channel,
                                                             const std::vector<Topic>& topics,
                                                             int k) {
  ASSIGN_OR_RETURN(RpcChannel opened, RpcChannel::Open(channel));
  std::vector<v1::SearchRequest> requests = SearchesFor(topics, k);
  std::shuffle(requests.begin(), requests.end(), std::mt19937_64(7));
  return std::unique_ptr<LoadClient>(new LoadClient(std::move(opened), std::move(requests)));
}

LoadFigures LoadClient::Offer(double rate, double seconds, const LoadOptions& options) {
  const std::vector<double> times = ArrivalTimes(rate, seconds, options.arrivals);
  Outcomes outcomes(times.size());
  grpc::CompletionQueue answers;
  std::thread taker([&] { outcomes.TakeAll(answers); });
  absl::Time start = absl::Now() + absl::Milliseconds(1);
  const absl::Time begun = start;
  size_t stops = 0;
  for (size_t i = 0; i < times.size(); ++i) {
    // The queue hands it back once.
    auto* call = new Call;
    call->search = i;
    call->due = start + absl::Seconds(times[i]);
    if (const absl::Duration behind = absl::Now() - call->due; behind > kStopped) {
      start += behind;
      call->due += behind;
      ++stops;
    }
    channel_.Prepare(call->context);
    call->context.set_deadline(
        absl::ToChronoTime(call->due + absl::Milliseconds(options.deadline_ms)));
    absl::SleepFor(call->due - absl::Now());
    outcomes.Leave(i, absl::Now() - call->due);
    stub_->AsyncSearch(&call->context, requests_[next_++ % requests_.size()], &answers)
        ->Finish(&call->response, &call->status, call);
  }
  taker.join();
  LoadFigures figures = outcomes.Summarise(begun);
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
