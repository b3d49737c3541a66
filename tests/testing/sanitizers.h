// Whether tests run with a sanitizer: what takes seconds then takes minutes.
//
// For fewer rounds and longer limits of time; what is tested stays. Any thread.

#ifndef POLICYKB_TESTS_TESTING_SANITIZERS_H_
#define POLICYKB_TESTS_TESTING_SANITIZERS_H_

namespace policykb {

// The preset tsan hides the compiler's own macro of ThreadSanitizer (see CMakeLists.txt).
#if defined(__SANITIZE_ADDRESS__) || defined(POLICYKB_THREAD_SANITIZER)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_SANITIZERS_H_
