#include "generator/model_key.h"

#include <cstdlib>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxKeyFileBytes = 4096;

}  // namespace

absl::StatusOr<std::string> ReadModelKey(const std::string& file) {
  if (file.empty()) {
    const char* key = std::getenv("POLICYKB_MODEL_KEY");
    return std::string(StripAsciiSpace(key == nullptr ? "" : key));
  }
  ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kMaxKeyFileBytes));
  return std::string(StripAsciiSpace(content));
}

}  // namespace policykb
