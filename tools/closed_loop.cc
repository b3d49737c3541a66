#include "tools/closed_loop.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "tools/load.h"

namespace policykb {

namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(10);

}  // namespace

absl::StatusOr<std::unique_ptr<ClosedLoop>> ClosedLoop::Open(const ChannelOptions& channel,
                                                             const std::vector<Topic>& topics,
                                                             int k) {
  std::unique_ptr<ClosedLoop> loop(new ClosedLoop(SearchesFor(topics, k)));
  ASSIGN_OR_RETURN(loop->caller_,
                   UnaryCaller::Open(channel, kSearchMethod,
                                     [loop = loop.get()](
                                         uint64_t search, const absl::Status& status,
                                         std::string_view) { loop->TakeAnswer(search, status); }));
  return loop;
}

ClosedLoop::ClosedLoop(std::vector<std::string> requests)
    : requests_(std::move(requests)), begun_(requests_.size()) {}

void ClosedLoop::AskNext() {
  if (next_ == requests_.size()) return;
  const size_t search = next_++;
  begun_[search] = absl::Now();
  caller_->Send(search, requests_[search], begun_[search] + kCallLimit);
}

void ClosedLoop::TakeAnswer(size_t search, const absl::Status& status) {
  pass_.ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - begun_[search]));
  if (!status.ok()) ++pass_.failed;
  AskNext();
}

LoopPass ClosedLoop::Run(int callers) {
  pass_ = {};
  next_ = 0;
  const absl::Time begun = absl::Now();
  for (int i = 0; i < callers; ++i) AskNext();
  while (pass_.ms.size() < requests_.size()) caller_->Run(absl::InfiniteFuture());
  pass_.seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  std::sort(pass_.ms.begin(), pass_.ms.end());
  return std::move(pass_);
}

}  // namespace policykb
