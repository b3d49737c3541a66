#include "generator/gateway/connection_roster.h"

#include <utility>

namespace policykb {

void ConnectionRoster::Add(const Member& member) {
  absl::MutexLock lock(&mutex_);
  all_.try_emplace(member);
}

void ConnectionRoster::Remove(const Member& member) {
  absl::MutexLock lock(&mutex_);
  const auto found = all_.find(member);
  if (found == all_.end()) return;
  TakeFromIdle(found->second);
  all_.erase(found);
}

void ConnectionRoster::SetIdle(const Member& member, bool idle) {
  absl::MutexLock lock(&mutex_);
  const auto found = all_.find(member);
  if (found == all_.end()) return;
  Place& place = found->second;
  TakeFromIdle(place);
  if (!idle) return;
  place.idle = true;
  place.in_idle = idle_.insert(idle_.end(), member);
}

int ConnectionRoster::size() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(all_.size());
}

int ConnectionRoster::idle() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(idle_.size());
}

std::vector<std::shared_ptr<Served>> ConnectionRoster::All() const {
  std::vector<std::shared_ptr<Served>> found;
  absl::MutexLock lock(&mutex_);
  for (const auto& [member, place] : all_) {
    if (std::shared_ptr<Served> served = member.lock()) found.push_back(std::move(served));
  }
  return found;
}

std::shared_ptr<Served> ConnectionRoster::TakeLongestIdle() {
  absl::MutexLock lock(&mutex_);
  while (!idle_.empty()) {
    const Member member = idle_.front();
    TakeFromIdle(all_.find(member)->second);
    // One that is being destroyed cannot be asked.
    if (std::shared_ptr<Served> served = member.lock()) return served;
  }
  return nullptr;
}

bool ConnectionRoster::AwaitNone(absl::Duration limit) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(this, &ConnectionRoster::IsEmpty), limit);
}

void ConnectionRoster::TakeFromIdle(Place& place) {
  if (!std::exchange(place.idle, false)) return;
  idle_.erase(place.in_idle);
}

}  // namespace policykb
