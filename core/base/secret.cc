#include "core/base/secret.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

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

absl::Status CheckNotForAll(const std::string& file) {
  struct stat about;
  if (::stat(file.c_str(), &about) != 0) {
    const int error = errno;
    const std::string message = Cat(file, ": ", std::strerror(error));
    return error == EACCES ? absl::PermissionDeniedError(message) : absl::NotFoundError(message);
  }
  if ((about.st_mode & S_IRWXO) != 0) {
    return absl::FailedPreconditionError(
        Cat(file, ": everybody on this machine may read or write it; chmod o= it"));
  }
  return absl::OkStatus();
}

}  // namespace policykb
