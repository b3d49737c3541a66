// FeedbackStore: which questions were answered how, and what callers thought of it.
//
// The generator's only state, in a RocksDB of its own that no search reads. Keeps a question only
// with personal numbers struck out, no text of answers, and everything only for a limited time. One
// process writes; others may read while it does. Not for logs. Any thread.

#ifndef POLICYKB_GENERATOR_FEEDBACK_FEEDBACK_STORE_H_
#define POLICYKB_GENERATOR_FEEDBACK_FEEDBACK_STORE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policykb/feedback/v1/feedback.pb.h"

namespace policykb {

// Longest comment in bytes, as the service documents it.
inline constexpr size_t kMaxCommentBytes = 2000;

class FeedbackStore {
 public:
  // Opens or creates the folder and removes what is older than `keep`; so does AddAnswer once an
  // hour. Errors: FailedPrecondition (another process writes it), DataLoss, ResourceExhausted,
  // PermissionDenied.
  static absl::StatusOr<std::unique_ptr<FeedbackStore>> Open(const std::string& folder,
                                                             absl::Duration keep, absl::Time now);
  // For ForEach alone, also while another process writes. Errors: NotFound, DataLoss.
  static absl::StatusOr<std::unique_ptr<FeedbackStore>> OpenForReading(const std::string& folder);
  ~FeedbackStore();

  // An id that cannot be guessed; ids are in the order of their times.
  static std::string MakeId(absl::Time now);

  // Keeps an answer; question and comment are redacted here. REQUIRES: answer.id is from MakeId.
  // Not synced: a power cut may take the last answers. Errors: ResourceExhausted (less than 32 MiB
  // of the disk are free), Unavailable.
  absl::Status AddAnswer(policykb::feedback::v1::StoredAnswer answer);
  // Keeps what was thought of an answer, in place of what was told before; synced. Errors: NotFound
  // (no such answer), DataLoss, ResourceExhausted, Unavailable.
  absl::Status AddFeedback(std::string_view id, policykb::feedback::v1::StoredFeedback feedback);

  // Every answer since `since`, oldest first. Errors: DataLoss (with the id), and those of `take`.
  absl::Status ForEach(
      absl::Time since,
      const std::function<absl::Status(const policykb::feedback::v1::StoredAnswer&)>& take) const;

 private:
  struct Database;
  explicit FeedbackStore(std::unique_ptr<Database> database);
  absl::Status Expire(absl::Time now);

  std::unique_ptr<Database> database_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_FEEDBACK_FEEDBACK_STORE_H_
