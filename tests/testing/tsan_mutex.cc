// Tells ThreadSanitizer what absl::Mutex, absl::CondVar and absl::Notification order.
//
// The system's abseil is not compiled with ThreadSanitizer, which then takes everything behind a
// mutex for a race. These functions stand before the library's, for gRPC's libraries too: they call
// them and say what was acquired and released. A condition is read by whoever gives the mutex free,
// with it held; such reads are not looked at. Beside it stand the reports to be left out. Linked
// into tests of the preset tsan, and into the programs that they start. Any thread.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include "absl/cleanup/cleanup.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);

// The system's gRPC, upb, abseil, OpenSSL and RocksDB are not compiled with ThreadSanitizer: what
// they hand from thread to thread without a lock, by atomic numbers and lists, it does not see, and
// a report with one of them on either stack says nothing. That hides races in what runs on gRPC's
// own threads; what workers, queues, searchers and watches do among themselves is seen. A status
// counts those who hold it in the library, but lets it go in our code; a service goes once gRPC has
// ended its calls; gRPC's timer thread is joined by nobody. The C library keeps its time zone by a
// lock of its own, and libzip asks for it.
const char* __tsan_default_suppressions() {
  return "race:libgrpc\n"
         "race:libgpr\n"
         "race:libupb\n"
         "race:libabsl\n"
         "race:libcrypto\n"
         "race:libssl\n"
         "race:librocksdb\n"
         "race:tzset_internal\n"
         "race:^grpc::\n"
         "race:^grpc_\n"
         "race:^grpc_core::\n"
         "race:^absl::debian3::Status::\n"
         "race:ServiceImpl::~\n"
         "thread:^grpc_core::Thread::Thread\n";
}
}

namespace {

class IgnoredReads {
 public:
  IgnoredReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoredReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

// The library's own function.
template <typename Function>
Function* Next(const char* symbol) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, symbol));
}

// Calls the library's function, which gives `mutex` free for a while and takes it again.
template <typename Wait>
auto Meanwhile(absl::Mutex* mutex, const Wait& wait) {
  __tsan_release(mutex);
  const auto acquired = absl::MakeCleanup([mutex] { __tsan_acquire(mutex); });
  const IgnoredReads ignored;
  return wait();
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

// The names carry the inline namespace of Debian's abseil.
void Mutex::Lock() {
  static auto* const next = Next<void(Mutex*)>("_ZN4absl7debian35Mutex4LockEv");
  {
    const IgnoredReads ignored;
    next(this);
  }
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static auto* const next = Next<void(Mutex*)>("_ZN4absl7debian35Mutex6UnlockEv");
  __tsan_release(this);
  const IgnoredReads ignored;
  next(this);
}

void Mutex::Await(const Condition& condition) {
  static auto* const next =
      Next<void(Mutex*, const Condition&)>("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  Meanwhile(this, [&] { next(this, condition); });
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const next = Next<bool(Mutex*, const Condition&, Duration)>(
      "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  return Meanwhile(this, [&] { return next(this, condition, timeout); });
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const next = Next<bool(Mutex*, const Condition&, Time)>(
      "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  return Meanwhile(this, [&] { return next(this, condition, deadline); });
}

bool Mutex::TryLock() {
  static auto* const next = Next<bool(Mutex*)>("_ZN4absl7debian35Mutex7TryLockEv");
  bool locked = false;
  {
    const IgnoredReads ignored;
    locked = next(this);
  }
  if (locked) __tsan_acquire(this);
  return locked;
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const next =
      Next<void(CondVar*, Mutex*)>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  Meanwhile(mutex, [&] { next(this, mutex); });
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const next = Next<bool(CondVar*, Mutex*, Duration)>(
      "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  return Meanwhile(mutex, [&] { return next(this, mutex, timeout); });
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const next = Next<bool(CondVar*, Mutex*, Time)>(
      "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  return Meanwhile(mutex, [&] { return next(this, mutex, deadline); });
}

void Notification::Notify() {
  static auto* const next = Next<void(Notification*)>("_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(this);
  next(this);
}

void Notification::WaitForNotification() const {
  static auto* const next =
      Next<void(const Notification*)>("_ZNK4absl7debian312Notification19WaitForNotificationEv");
  next(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const next = Next<bool(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = next(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
