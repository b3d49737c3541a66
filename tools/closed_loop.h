// Closed-loop load on a retriever: callers that each wait for their answer before they ask again,
// all on one thread and one connection, as a program that asks much would have it.
//
// Not for load that does not wait for answers (load.h), nor for searches in process (bench.h). One
// call at a time.

#ifndef POLICYKB_TOOLS_CLOSED_LOOP_H_
#define POLICYKB_TOOLS_CLOSED_LOOP_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"
#include "tools/topics.h"
#include "tools/unary_caller.h"

namespace policykb {

// All topics asked once.
struct LoopPass {
  std::vector<double> ms;  // of each search, ascending
  size_t failed = 0;
  double seconds = 0;
};

class ClosedLoop {
 public:
  // Asks the topics' texts. Errors: as UnaryCaller::Open.
  static absl::StatusOr<std::unique_ptr<ClosedLoop>> Open(const ChannelOptions& channel,
                                                          const std::vector<Topic>& topics, int k);

  // So many callers share out the topics. REQUIRES: callers >= 1.
  LoopPass Run(int callers);

 private:
  explicit ClosedLoop(std::vector<std::string> requests);
  // The next question, if one is left.
  void AskNext();
  void TakeAnswer(size_t search, const absl::Status& status);

  const std::vector<std::string> requests_;
  std::vector<absl::Time> begun_;  // of each, the last time
  size_t next_ = 0;
  LoopPass pass_;
  std::unique_ptr<UnaryCaller> caller_;
};

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CLOSED_LOOP_H_
