// AccessWatch: reads an access file again as long as it lives.
//
// Looks once a second on a thread of its own. One thread.

#ifndef POLICYKB_CORE_RPC_ACCESS_WATCH_H_
#define POLICYKB_CORE_RPC_ACCESS_WATCH_H_

#include <functional>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "core/rpc/access.h"

namespace policykb {

class AccessWatch {
 public:
  // Is told OK when what the file says is in force from now on, and else why what was in force
  // stays so, once for each fault. Must not block for long.
  using Told = std::function<void(const absl::Status& status)>;

  // `access` must outlive this object.
  AccessWatch(Access* access, Told told);
  ~AccessWatch();
  AccessWatch(const AccessWatch&) = delete;
  AccessWatch& operator=(const AccessWatch&) = delete;

 private:
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_ACCESS_WATCH_H_
