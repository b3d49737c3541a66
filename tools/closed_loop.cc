#include "tools/closed_loop.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "tools/load.h"

namespace policykb {

namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(10);

// Who asks; its answer takes the place of the one before.
struct Asker {
  std::optional<grpc::ClientContext> context;
  v1::SearchResponse response;
  grpc::Status status;
  absl::Time begun;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ClosedLoop>> ClosedLoop::Open(const ChannelOptions& channel,
                                                             const std::vector<Topic>& topics,
                                                             int k) {
  ASSIGN_OR_RETURN(RpcChannel opened, RpcChannel::Open(channel));
  return std::unique_ptr<ClosedLoop>(new ClosedLoop(std::move(opened), SearchesFor(topics, k)));
}

ClosedLoop::ClosedLoop(RpcChannel channel, std::vector<v1::SearchRequest> requests)
    : channel_(std::move(channel)),
      stub_(v1::RetrieverService::NewStub(channel_.channel())),
      requests_(std::move(requests)) {}

LoopPass ClosedLoop::Run(int callers) {
  LoopPass pass;
  grpc::CompletionQueue answers;
  size_t next = 0;
  const auto ask = [&](Asker& asker) {
    if (next == requests_.size()) return;
    channel_.Prepare(asker.context.emplace());
    asker.begun = absl::Now();
    asker.context->set_deadline(absl::ToChronoTime(asker.begun + kCallLimit));
    stub_->AsyncSearch(&*asker.context, requests_[next++], &answers)
        ->Finish(&asker.response, &asker.status, &asker);
  };
  const absl::Time begun = absl::Now();
  std::vector<Asker> asking(static_cast<size_t>(callers));
  for (Asker& asker : asking) ask(asker);
  void* tag = nullptr;
  bool ok = false;
  while (pass.ms.size() < requests_.size() && answers.Next(&tag, &ok)) {
    Asker& asker = *static_cast<Asker*>(tag);
    pass.ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - asker.begun));
    if (!asker.status.ok()) ++pass.failed;
    ask(asker);
  }
  pass.seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  answers.Shutdown();
  while (answers.Next(&tag, &ok)) {
  }
  std::sort(pass.ms.begin(), pass.ms.end());
  return pass;
}

}  // namespace policykb
