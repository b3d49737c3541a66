#include "generator/answer_cache.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

#include "core/base/checksum.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// List node, hash node and their pointers, about.
constexpr size_t kEntryBytes = 160;

std::string Deterministic(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream out(&bytes);
  google::protobuf::io::CodedOutputStream coded(&out);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace

std::string AnswerCacheKey(const v1::AnswerSpec& spec, const v1::SearchResponse& found,
                           std::string_view setting) {
  Digest digest;
  digest.Add(Deterministic(found));
  digest.Add(setting);
  return Cat(digest.Hex(), Deterministic(spec));
}

size_t AnswerCache::Entry::size_bytes() const { return key.size() + answer.size() + kEntryBytes; }

std::optional<v1::GroundedAnswer> AnswerCache::Find(const std::string& key) {
  std::string bytes;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    bytes = found->second->answer;
  }
  v1::GroundedAnswer answer;
  if (!answer.ParseFromString(bytes)) return std::nullopt;
  return answer;
}

void AnswerCache::Put(const std::string& key, const v1::GroundedAnswer& answer) {
  Entry entry{.key = key, .answer = answer.SerializeAsString()};
  if (entry.size_bytes() > max_bytes_ / 8) return;
  absl::MutexLock lock(&mutex_);
  if (by_key_.contains(key)) return;
  bytes_ += entry.size_bytes();
  entries_.push_front(std::move(entry));
  by_key_.emplace(entries_.front().key, entries_.begin());
  while (bytes_ > max_bytes_) {
    const Entry& last = entries_.back();
    bytes_ -= last.size_bytes();
    by_key_.erase(last.key);
    entries_.pop_back();
  }
}

size_t AnswerCache::size_bytes() const {
  absl::MutexLock lock(&mutex_);
  return bytes_;
}

}  // namespace policykb
