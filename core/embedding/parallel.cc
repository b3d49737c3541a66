#include "core/embedding/parallel.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

namespace policykb {

namespace {

// Ranges per loop: enough for the two threads to end at about the same time.
constexpr size_t kRanges = 32;

}  // namespace

void ParallelRanges(size_t count, size_t worthwhile,
                    const std::function<void(size_t begin, size_t end)>& body) {
  if (count < worthwhile || std::thread::hardware_concurrency() < 2) {
    if (count > 0) body(0, count);
    return;
  }
  const size_t step = (count + kRanges - 1) / kRanges;
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t begin = next.fetch_add(step); begin < count; begin = next.fetch_add(step)) {
      body(begin, std::min(count, begin + step));
    }
  };
  std::thread other;
  try {
    other = std::thread(work);
  } catch (const std::system_error&) {
    // No thread to be had: the calling thread does all of it.
  }
  work();
  if (other.joinable()) other.join();
}

}  // namespace policykb
