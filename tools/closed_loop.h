// Closed-loop load on a retriever: callers that each wait for their answer before they ask again,
// all on one thread and one connection, as a program that asks much would have it.
//
// Not for load that does not wait for answers (load.h), nor for searches in process (bench.h). One
// call at a time.

#ifndef POLICYKB_TOOLS_CLOSED_LOOP_H_
#define POLICYKB_TOOLS_CLOSED_LOOP_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "core/rpc/channel.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tools/topics.h"

namespace policykb {

// All topics asked once.
struct LoopPass {
  std::vector<double> ms;  // of each search, ascending
  size_t failed = 0;
  double seconds = 0;
};

class ClosedLoop {
 public:
  // Asks the topics' texts. Errors: as RpcChannel::Open.
  static absl::StatusOr<std::unique_ptr<ClosedLoop>> Open(const ChannelOptions& channel,
                                                          const std::vector<Topic>& topics, int k);

  // So many callers share out the topics. REQUIRES: callers >= 1.
  LoopPass Run(int callers);

 private:
  ClosedLoop(RpcChannel channel, std::vector<v1::SearchRequest> requests);

  RpcChannel channel_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
  std::vector<v1::SearchRequest> requests_;
};

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CLOSED_LOOP_H_
