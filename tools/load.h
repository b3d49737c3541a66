// Open-loop load on a retriever: searches leave at their own times, whether or not earlier ones are
// answered, as those of people do who know nothing of each other.
//
// Latency counts from when a search was to leave, so that a wait of the sender itself is not left
// out (coordinated omission). Not for callers that wait for each other's answers (bench.h) and not
// for printing (load_report.h). One call at a time.

#ifndef POLICYKB_TOOLS_LOAD_H_
#define POLICYKB_TOOLS_LOAD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"
#include "tools/bench.h"
#include "tools/topics.h"
#include "tools/unary_caller.h"

namespace policykb {

enum class Arrivals {
  kPoisson,  // by chance, as calls of many who know nothing of each other
  kEven,     // at equal distances
};

struct LoadOptions {
  std::vector<double> rates;  // searches per second, offered one after the other
  bool capacity = false;      // in place of rates: see MeasureCapacity
  double seconds = 5;         // of each rate
  double warm_up_seconds = 1;
  Arrivals arrivals = Arrivals::kPoisson;
  double deadline_ms = 1000;  // of each search, from when it was to leave
  double p99_ms = 20;         // that a rate within capacity keeps to
};

// What became of one rate. Latencies in ms.
struct LoadFigures {
  double rate = 0;     // asked for
  double seconds = 0;  // from the first search to the last answer
  size_t offered = 0;
  size_t accepted = 0;          // answered
  size_t refused = 0;           // RESOURCE_EXHAUSTED
  size_t late = 0;              // DEADLINE_EXCEEDED
  size_t failed = 0;            // anything else
  LatencyFigures latency = {};  // of those answered; zero without one
  double refused_p50_ms = 0, refused_p99_ms = 0;
  double sent_late_p99_ms = 0;  // how long after its time a search left: the sender's own fault
  size_t stops = 0;          // of the sender itself, for seconds; its times begin anew behind each
  std::string failure = {};  // code and message of the first that failed

  // Answers per second.
  double goodput() const { return seconds > 0 ? static_cast<double>(accepted) / seconds : 0; }
};

// When searches are to leave, seconds from the start, ascending, all below `seconds`. The same
// arguments give the same times.
std::vector<double> ArrivalTimes(double rate, double seconds, Arrivals arrivals);

// What UnaryCaller calls.
inline constexpr std::string_view kSearchMethod = "/policykb.v1.RetrieverService/Search";
// Requests for the topics' texts, in their order, serialised.
std::vector<std::string> SearchesFor(const std::vector<Topic>& topics, int k);

// One thread, its caller's: it sends, waits and notes what comes.
class LoadClient {
 public:
  // Sends the topics' texts in an order by chance that is the same each time. REQUIRES: topics are
  // not empty. Errors: as UnaryCaller::Open.
  static absl::StatusOr<std::unique_ptr<LoadClient>> Open(const ChannelOptions& channel,
                                                          const std::vector<Topic>& topics, int k);

  ~LoadClient();

  LoadFigures Offer(double rate, double seconds, const LoadOptions& options);

 private:
  class Outcomes;

  explicit LoadClient(std::vector<std::string> requests);

  const std::vector<std::string> requests_;
  std::unique_ptr<Outcomes> outcomes_;  // of what is offered last
  std::unique_ptr<UnaryCaller> caller_;
  size_t next_ = 0;
};

struct CapacityFigures {
  std::vector<LoadFigures> tried;  // rates, in the order of trying
  LoadFigures unloaded;            // a tenth of the capacity
  LoadFigures at_capacity;         // the highest rate that was good
  LoadFigures overload;            // five times as much
};

using OfferRate = std::function<LoadFigures(double rate)>;

// The highest rate, within a twentieth, whose answers' p99 is at most `p99_ms` and of which nothing
// was refused, late or failed; a rate that is not good is tried once more before it is believed.
// Errors: Unavailable (not even 20 searches per second are good).
absl::StatusOr<CapacityFigures> MeasureCapacity(const OfferRate& offer, double p99_ms);

// Offers what the options say. Errors: InvalidArgument (neither rates nor capacity), as ReadTopics,
// LoadClient::Open and MeasureCapacity; Unavailable (the retriever does not answer at all).
struct LoadReport {
  std::vector<LoadFigures> rates;
  std::optional<CapacityFigures> capacity;
};
absl::StatusOr<LoadReport> MeasureLoad(const LoadOptions& load, const BenchOptions& bench);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_LOAD_H_
