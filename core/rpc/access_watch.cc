#include "core/rpc/access_watch.h"

#include <utility>

namespace policykb {

namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

AccessWatch::AccessWatch(Access* access, Told told)
    : thread_([this, access, told = std::move(told)] {
        while (!stop_.WaitForNotificationWithTimeout(kInterval)) {
          const absl::StatusOr<bool> changed = access->Refresh();
          if (!changed.ok() || *changed) told(changed.status());
        }
      }) {}

AccessWatch::~AccessWatch() {
  stop_.Notify();
  thread_.join();
}

}  // namespace policykb
