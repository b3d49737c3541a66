// QuestionHasher: a question -> a hash by which uses can be counted, and which says nothing of it
// to who has not the key.
//
// HMAC-SHA256 (RFC 2104) of the question as search compares text: NFKC case folding, without white
// space and punctuation, so that one question typed twice has one hash. Whoever has the key can
// look for a question, and try likely ones: the key is as secret as the questions. Const, any
// thread.

#ifndef POLICYKB_CORE_RPC_QUESTION_HASH_H_
#define POLICYKB_CORE_RPC_QUESTION_HASH_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

class QuestionHasher {
 public:
  // A new key, for a file that only its owner may read.
  static std::string MakeKey();
  // Errors: InvalidArgument (fewer than 32 or more than 4096 bytes; the message does not show it).
  static absl::StatusOr<QuestionHasher> Create(std::string key);
  // The key in a file. Errors: as Create and ReadSecret, FailedPrecondition (others than owner and
  // group may read the file).
  static absl::StatusOr<QuestionHasher> Open(const std::string& file);

  // 64 hexadecimal digits; of text that is no UTF-8 as well.
  std::string Hash(std::string_view question) const;
  // 8 hexadecimal digits that tell one key from another.
  const std::string& key_id() const { return key_id_; }

 private:
  explicit QuestionHasher(std::string key);

  std::string key_;
  std::string key_id_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_QUESTION_HASH_H_
