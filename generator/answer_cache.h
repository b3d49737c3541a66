// AnswerCache: whole answers of a model, by everything that they depend on.
//
// An answer is a function of the question as it was asked, of the passages that were found for it
// (and thereby of snapshot, day, filter and what the caller may see, as the search is made anew
// every time), of the model, the prompts and the options. All of that is the key, so a kept answer
// is what the model wrote over the very same passages. Bounded by bytes; the least recently used go
// first. Not for failures: the caller puts in only what a model wrote to its end. Any thread.

#ifndef POLICYKB_GENERATOR_ANSWER_CACHE_H_
#define POLICYKB_GENERATOR_ANSWER_CACHE_H_

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// The key of an answer to `spec` from `found`; `setting` names model, prompts and options. What the
// caller wrote is part of it whole and of the passages a digest, so that no caller can make two
// questions one.
std::string AnswerCacheKey(const v1::AnswerSpec& spec, const v1::SearchResponse& found,
                           std::string_view setting);

class AnswerCache {
 public:
  explicit AnswerCache(size_t max_bytes) : max_bytes_(max_bytes) {}

  std::optional<v1::GroundedAnswer> Find(const std::string& key);
  // An answer that alone is above an eighth of the bound is not kept.
  void Put(const std::string& key, const v1::GroundedAnswer& answer);

  // Of keys and answers, with what their places cost.
  size_t size_bytes() const;

 private:
  struct Entry {
    std::string key;
    std::string answer;  // serialised
    size_t size_bytes() const;
  };

  const size_t max_bytes_;
  mutable absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_CACHE_H_
