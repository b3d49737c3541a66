#include "core/base/secret.h"

#include <cstdlib>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = 4096;

}  // namespace

absl::StatusOr<std::string> ReadSecret(const std::string& file, const char* variable) {
  if (file.empty()) {
    const char* secret = std::getenv(variable);
    return std::string(StripAsciiSpace(secret == nullptr ? "" : secret));
  }
  ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kMaxFileBytes));
  return std::string(StripAsciiSpace(content));
}

}  // namespace policykb
