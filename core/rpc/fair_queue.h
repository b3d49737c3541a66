// FairQueue: items of several owners, taken out in turn by owner and in order within one.
//
// However many items one owner has, each other one waits for at most one of them per item of its
// own. Not for waiting or for threads (work_queue.h). One thread at a time.

#ifndef POLICYKB_CORE_RPC_FAIR_QUEUE_H_
#define POLICYKB_CORE_RPC_FAIR_QUEUE_H_

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace policykb {

template <typename Item>
class FairQueue {
 public:
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Whether an item of `owner` is in it.
  bool Has(std::string_view owner) const { return owners_.find(owner) != owners_.end(); }

  // How many items would be taken out before one that `owner` adds now.
  size_t AheadOf(std::string_view owner) const {
    const auto found = owners_.find(owner);
    const size_t own = found == owners_.end() ? 0 : found->second->items.size();
    // In each round up to its own, every other one takes its turn; those behind it in the row have
    // theirs once less.
    size_t ahead = own;
    bool before = true;
    for (const Owner& other : row_) {
      if (found != owners_.end() && &other == &*found->second) {
        before = false;
        continue;
      }
      ahead += std::min(other.items.size(), before ? own + 1 : own);
    }
    return ahead;
  }

  void Push(std::string_view owner, Item item) {
    auto found = owners_.find(owner);
    if (found == owners_.end()) {
      row_.push_back({.name = std::string(owner), .items = {}});
      found = owners_.emplace(std::string(owner), std::prev(row_.end())).first;
    }
    found->second->items.push_back(std::move(item));
    ++size_;
  }

  // REQUIRES: not empty.
  Item Pop() {
    Owner& next = row_.front();
    Item item = std::move(next.items.front());
    next.items.pop_front();
    --size_;
    if (next.items.empty()) {
      owners_.erase(next.name);
      row_.pop_front();
    } else {
      row_.splice(row_.end(), row_, row_.begin());
    }
    return item;
  }

 private:
  struct Owner {
    std::string name;
    std::deque<Item> items;  // not empty
  };

  std::list<Owner> row_;  // whose turn it is, in order
  std::map<std::string, typename std::list<Owner>::iterator, std::less<>> owners_;
  size_t size_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_FAIR_QUEUE_H_
