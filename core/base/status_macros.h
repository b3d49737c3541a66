// RETURN_IF_ERROR and ASSIGN_OR_RETURN: early return on a failed absl::Status.
//
// For functions that return absl::Status or absl::StatusOr<T>. Not for main functions, which print
// and exit. Context is added with Annotate (below) once per layer that knows more. Thread-safe: no
// state.

#ifndef POLICYKB_CORE_BASE_STATUS_MACROS_H_
#define POLICYKB_CORE_BASE_STATUS_MACROS_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

// `status` with "context: " before its message; OK stays OK. Keeps the code and the payloads.
inline absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  std::string message(context);
  message += ": ";
  message.append(status.message().data(), status.message().size());
  absl::Status annotated(status.code(), message);
  status.ForEachPayload([&annotated](absl::string_view url, const absl::Cord& payload) {
    annotated.SetPayload(url, payload);
  });
  return annotated;
}

}  // namespace policykb

#define POLICYKB_CONCAT_INNER(a, b) a##b
#define POLICYKB_CONCAT(a, b) POLICYKB_CONCAT_INNER(a, b)

// Returns from the enclosing function when `expression` is not OK.
#define RETURN_IF_ERROR(expression)                                           \
  do {                                                                        \
    if (absl::Status policykb_status = (expression); !policykb_status.ok()) { \
      return policykb_status;                                                 \
    }                                                                         \
  } while (false)

// Returns from the enclosing function, with `context` before the message, when `expression` is not
// OK.
#define RETURN_IF_ERROR_IN(expression, context)                               \
  do {                                                                        \
    if (absl::Status policykb_status = (expression); !policykb_status.ok()) { \
      return ::policykb::Annotate(policykb_status, (context));                \
    }                                                                         \
  } while (false)

#define POLICYKB_ASSIGN_OR_RETURN_IMPL(result, target, expression) \
  auto result = (expression);                                      \
  if (!result.ok()) return std::move(result).status();             \
  target = *std::move(result)

// `ASSIGN_OR_RETURN(auto value, Compute());`
#define ASSIGN_OR_RETURN(target, expression) \
  POLICYKB_ASSIGN_OR_RETURN_IMPL(POLICYKB_CONCAT(policykb_result_, __LINE__), target, expression)

#define POLICYKB_ASSIGN_OR_RETURN_IN_IMPL(result, target, expression, context)          \
  auto result = (expression);                                                           \
  if (!result.ok()) return ::policykb::Annotate(std::move(result).status(), (context)); \
  target = *std::move(result)

// The same with `context` before the message of a failure.
#define ASSIGN_OR_RETURN_IN(target, expression, context)                                 \
  POLICYKB_ASSIGN_OR_RETURN_IN_IMPL(POLICYKB_CONCAT(policykb_result_, __LINE__), target, \
                                    expression, context)

#endif  // POLICYKB_CORE_BASE_STATUS_MACROS_H_
