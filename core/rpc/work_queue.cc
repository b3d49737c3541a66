#include "core/rpc/work_queue.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

// Why nobody waits for the work any more, or OK.
absl::Status StillWanted(const Work& work, absl::Time now) {
  if (work.cancelled && work.cancelled()) return absl::CancelledError("cancelled while it waited");
  if (now >= work.deadline)
    return absl::DeadlineExceededError("its deadline passed while it waited");
  return absl::OkStatus();
}

absl::Status Refusal(absl::Duration retry_after) {
  return OverloadedError("server: has more work than it can do in time", "OVERLOADED", retry_after);
}

}  // namespace

WorkQueue::WorkQueue(const WorkQueueOptions& options)
    : options_(options), rule_(options.limits, options.workers, options.first_guess) {
  workers_.reserve(static_cast<size_t>(options_.workers));
  for (int i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { RunWorker(); });
}

WorkQueue::~WorkQueue() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& worker : workers_) worker.join();
}

absl::Status WorkQueue::Enter(Work work) {
  const absl::Time now = absl::Now();
  std::optional<absl::Duration> retry_after;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Duration wait =
        waiting_.size() < options_.most_waiting ? WaitOf(work.owner) : absl::InfiniteDuration();
    retry_after = rule_.Refuse(wait, waiting_.Has(work.owner) ? Share::kMore : Share::kFirst, now);
    if (!retry_after) {
      // The owner's name is looked up before the work moves.
      const std::string owner = work.owner;
      waiting_.Push(owner, {.work = std::move(work), .entered = now});
      return absl::OkStatus();
    }
    ++refused_;
  }
  return Refusal(*retry_after);
}

WorkQueueFigures WorkQueue::figures() const {
  absl::MutexLock lock(&mutex_);
  return {.waiting = waiting_.size(),
          .running = running_,
          .done = done_,
          .refused = refused_,
          .dropped = dropped_,
          .mean_work = rule_.mean()};
}

absl::Duration WorkQueue::WaitOf(std::string_view owner) const {
  const auto idle = static_cast<size_t>(options_.workers - running_);
  const size_t ahead = waiting_.AheadOf(owner);
  // Idle workers are on their way to what waits.
  return ahead < idle ? absl::ZeroDuration() : rule_.WaitBehind(ahead - idle);
}

bool WorkQueue::HasWorkOrStops() const { return stopping_ || !waiting_.empty(); }

void WorkQueue::RunWorker() {
  for (;;) {
    std::optional<Waiting> next;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkQueue::HasWorkOrStops));
      if (waiting_.empty()) return;
      next = waiting_.Pop();
      ++running_;
    }
    const absl::Time begun = absl::Now();
    const absl::Status wanted = StillWanted(next->work, begun);
    next->work.run(wanted, begun - next->entered);
    // What the work holds goes before its place does.
    next.reset();
    absl::MutexLock lock(&mutex_);
    --running_;
    if (wanted.ok()) {
      ++done_;
      rule_.Took(absl::Now() - begun);
    } else {
      ++dropped_;
    }
  }
}

}  // namespace policykb
