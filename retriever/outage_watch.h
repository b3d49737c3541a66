// OutageWatch: tells when what fails again and again begins to fail, and when it works again.
//
// For one log line at each end of an outage instead of one for each request in it. Any thread.

#ifndef POLICYKB_RETRIEVER_OUTAGE_WATCH_H_
#define POLICYKB_RETRIEVER_OUTAGE_WATCH_H_

#include <atomic>

namespace policykb {

class OutageWatch {
 public:
  enum class Change { kNone, kBegan, kEnded };

  // Takes note of one outcome. Of outcomes at the same moment one gets the change.
  Change Note(bool works) {
    if (fails_.exchange(!works) == !works) return Change::kNone;
    return works ? Change::kEnded : Change::kBegan;
  }

 private:
  std::atomic<bool> fails_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_OUTAGE_WATCH_H_
