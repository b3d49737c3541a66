// Access: decides about each call: who is it, may it, and what may it see.
//
// Opened on an access file (access_file.h), which is read again when it changes, or for a server
// without one, where everybody is the same principal. What a caller shows must be right: a wrong
// key is refused, not taken for none. Not for what a call does. Admit may be called from any
// thread; Refresh from one.

#ifndef POLICYKB_CORE_RPC_ACCESS_H_
#define POLICYKB_CORE_RPC_ACCESS_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/rpc/call_limiter.h"
#include "core/rpc/principal.h"

namespace policykb {

// The caller on whose behalf a service calls.
struct ForwardedCaller {
  std::string name;  // of its principal at the service; goes into logs
  std::vector<std::string> labels;
};

// What a call shows of its caller.
struct CallCredentials {
  std::string api_key = {};  // empty: none
  // Of a key that was shown earlier, whose session the caller's cookie proves (generator/gateway):
  // believed. Empty: none.
  std::string session_key_id = {};
  std::vector<std::string> certificate_names = {};  // of a verified client certificate
  std::optional<ForwardedCaller> forwarded = {};
};

struct Caller {
  std::string name;                 // of the principal
  RoleSet roles;                    // of the principal
  std::string on_behalf_of;         // name of the forwarded caller; empty without one
  std::vector<std::string> labels;  // of the text that this call may see
};

// A call that was let in, until it is destroyed.
class Admission {
 public:
  Admission(Caller caller, std::shared_ptr<CallLimiter> limiter)
      : caller_(std::move(caller)), limiter_(std::move(limiter)) {}
  ~Admission() {
    if (limiter_) limiter_->Leave();
  }
  Admission(Admission&&) noexcept = default;
  Admission& operator=(Admission&&) = delete;

  const Caller& caller() const { return caller_; }

 private:
  Caller caller_;
  std::shared_ptr<CallLimiter> limiter_;  // null once moved from
};

// True for the codes with which Admit refuses; the message of such a status names the principal,
// and nothing that was asked, so that it may be logged.
bool IsRefusal(const absl::Status& status);

class Access {
 public:
  // Errors: as ReadFile and ParseAccessFile.
  static absl::StatusOr<std::unique_ptr<Access>> Open(const std::string& path);
  // Everybody may call everything and sees text with these labels. A service that forwards its
  // callers' labels narrows this, it does not widen it.
  static std::unique_ptr<Access> ForEverybody(std::vector<std::string> labels);

  // True with an access file: callers are told apart.
  bool knows_callers() const { return !path_.empty(); }

  // `method` is "policykb.v1.RetrieverService/Search". Errors: Unauthenticated (nothing shown, or
  // nothing that is known), PermissionDenied (not with these roles, or labels forwarded without the
  // role service), ResourceExhausted (CallLimiter).
  absl::StatusOr<Admission> Admit(std::string_view method, const CallCredentials& credentials,
                                  absl::Time now) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Who the caller is, whatever it may call; takes no place of its limits. Errors: Unauthenticated.
  absl::StatusOr<Caller> Identify(const CallCredentials& credentials) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // What the access file says of the key with this id: its hash and its principal's name. Another
  // text when either has changed; not to be shown. Errors: Unauthenticated (no such key).
  absl::StatusOr<std::string> KeyEntry(std::string_view key_id) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the file if its bytes have changed; true when what it says is in force from now on.
  // Errors: as Open; what was in force stays so. The same fault is told once. Without a file
  // nothing ever changes.
  absl::StatusOr<bool> Refresh() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Directory;

  explicit Access(std::string path) : path_(std::move(path)) {}
  std::shared_ptr<const Directory> directory() const ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<const Directory>> Load(std::string_view text);

  const std::string path_;  // empty without a file
  std::string seen_;        // Refresh and Open only: bytes of the file, or why there are none
  std::map<std::string, std::shared_ptr<CallLimiter>> limiters_;  // likewise: by principal
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Directory> directory_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_ACCESS_H_
