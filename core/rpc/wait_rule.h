// WaitRule: whether a piece of work may wait for its turn, by how long it would.
//
// A limit in time holds for quick and for slow work alike, where a number of places would be too
// many or too few. A burst may wait longer than work may in a lasting overload: the first piece
// that is refused ends the patience, until nothing has been refused for kCalm. Without this every
// piece that is taken in an overload would wait as long as the longest burst, and none would be
// answered sooner for it. (The idea of controlled delay: Nichols and Jacobson, "Controlling Queue
// Delay", ACM Queue 2012.) Time is passed in. One thread at a time.

#ifndef POLICYKB_CORE_RPC_WAIT_RULE_H_
#define POLICYKB_CORE_RPC_WAIT_RULE_H_

#include <cstddef>
#include <optional>

#include "absl/time/time.h"

namespace policykb {

// Work that itself takes longer than quick searches may wait longer, whatever the limits: in a
// burst four times as long as a piece takes, in a lasting overload as long.
struct WaitLimits {
  absl::Duration burst = absl::Milliseconds(20);    // longest wait in a burst
  absl::Duration standing = absl::Milliseconds(2);  // longest wait in a lasting overload
};

class WaitRule {
 public:
  // Without a refusal for so long an overload is over.
  static constexpr absl::Duration kCalm = absl::Milliseconds(50);

  // `first_guess`: how long a piece takes, before one is done. REQUIRES: workers >= 1.
  WaitRule(const WaitLimits& limits, int workers, absl::Duration first_guess)
      : limits_(limits), workers_(workers), mean_(first_guess) {}

  // A piece took so long. One that took far longer than others counts as ten of them, so that it
  // alone does not close the door.
  void Took(absl::Duration took);
  // How long pieces take, the last few dozen above all.
  absl::Duration mean() const { return mean_; }
  // How long a piece waits for a worker when all are busy and so many pieces are ahead of it.
  absl::Duration WaitBehind(size_t ahead) const {
    return mean_ * static_cast<double>(ahead + 1) / static_cast<double>(workers_);
  }

  // nullopt when a piece may wait for `wait`; else it is refused, and after this time it is worth
  // another try: as long again as the overload has lasted, 50 ms to 1 s.
  std::optional<absl::Duration> Refuse(absl::Duration wait, absl::Time now);

 private:
  const WaitLimits limits_;
  const int workers_;
  absl::Duration mean_;
  absl::Time first_refused_ = absl::InfinitePast();  // of this overload
  absl::Time last_refused_ = absl::InfinitePast();
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_WAIT_RULE_H_
