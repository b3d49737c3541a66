// Fuzz target: access files, and keys with their hashes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/rpc/access_file.h"
#include "core/rpc/api_key.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto file = policykb::ParseAccessFile(input, "access.toml");
  if (file.ok()) {
    if (!file->anonymous && file->principals.empty()) std::abort();
    if (file->anonymous && file->anonymous->roles.Has(policykb::Role::kService)) std::abort();
    for (const policykb::PrincipalEntry& entry : file->principals) {
      if (entry.principal.roles.empty() || entry.principal.name.empty()) std::abort();
      if (entry.keys.empty() && entry.certificates.empty()) std::abort();
    }
  }
  const auto hash = policykb::ApiKeyHash::Parse(input);
  if (hash.ok() && hash->ToString() != input) std::abort();
  const std::string_view id = policykb::ApiKeyId(input);
  if (!id.empty() && !policykb::ApiKeyHash::Of(input)->Matches(input)) std::abort();
  return 0;
}
