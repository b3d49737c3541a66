// ConnectionRoster: the connections that a server has, and which of them have been idle longest.
//
// Knows nothing of sockets. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_CONNECTION_ROSTER_H_
#define POLICYKB_GENERATOR_GATEWAY_CONNECTION_ROSTER_H_

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace policykb {

// What the server knows of a connection. Calls return at once, what they ask for is done later.
class Served {
 public:
  virtual ~Served() = default;
  // Ends it after the response under way.
  virtual void Drain() = 0;
  // Ends it now.
  virtual void Cut() = 0;
  // Ends it if no request has come meanwhile, and says whether it did, from any thread.
  virtual void EndIdle(std::function<void(bool ended)> done) = 0;
};

class ConnectionRoster {
 public:
  using Member = std::weak_ptr<Served>;

  void Add(const Member& member) ABSL_LOCKS_EXCLUDED(mutex_);
  void Remove(const Member& member) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether it waits for a request from now on. Nothing for one that is not here.
  void SetIdle(const Member& member, bool idle) ABSL_LOCKS_EXCLUDED(mutex_);

  int size() const ABSL_LOCKS_EXCLUDED(mutex_);
  int idle() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::shared_ptr<Served>> All() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The one that has been idle longest, which counts as idle no longer; null without any.
  std::shared_ptr<Served> TakeLongestIdle() ABSL_LOCKS_EXCLUDED(mutex_);
  // False when there are some left after `limit`.
  bool AwaitNone(absl::Duration limit) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using IdleList = std::list<Member>;
  struct Place {
    bool idle = false;
    IdleList::iterator in_idle = {};  // where it is idle
  };

  bool IsEmpty() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return all_.empty(); }
  void TakeFromIdle(Place& place) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<Member, Place, std::owner_less<>> all_ ABSL_GUARDED_BY(mutex_);
  IdleList idle_ ABSL_GUARDED_BY(mutex_);  // longest first
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_CONNECTION_ROSTER_H_
