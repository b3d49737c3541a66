// AccessFile: what `access.toml` says: who may call, how they prove who they are, what they may
// see and how often they may call.
//
//   labels = ["public", "internal"]        # every label there is
//
//   [anonymous]                            # callers who show nothing; without it they are refused
//   roles = ["kiosk"]
//   labels = ["public"]
//
//   [[principal]]
//   name = "hall-3"
//   roles = ["kiosk"]                      # kiosk, staff, data, operator, service
//   labels = ["public"]                    # of the text it may see; "*" for services: any label
//   keys = ["sha256:..."]                  # as `policykb access new-key` prints them
//   certificates = ["hall-3.example"]      # names (SAN) in client certificates
//   calls_per_second = 20                  # on average
//   burst = 40                             # at once after a pause; default: twice the rate
//   concurrent_calls = 8                   # at the same time
//
// Not for deciding about calls (access.h). Plain values, any thread.

#ifndef POLICYKB_CORE_RPC_ACCESS_FILE_H_
#define POLICYKB_CORE_RPC_ACCESS_FILE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/rpc/api_key.h"
#include "core/rpc/principal.h"

namespace policykb {

struct PrincipalEntry {
  Principal principal;
  std::vector<ApiKeyHash> keys;
  std::vector<std::string> certificates;
};

struct AccessFile {
  std::vector<std::string> labels;
  std::optional<Principal> anonymous;  // called "anonymous"
  std::vector<PrincipalEntry> principals;
};

inline constexpr std::string_view kAnonymous = "anonymous";
// In labels of a service: it may call on behalf of holders of any label.
inline constexpr std::string_view kAnyLabel = "*";

// `path` is for messages. Errors: InvalidArgument with path and line: no TOML, unknown keys, values
// of another form or range, a label that `labels` does not have, no role, no name, nothing by which
// a principal could be known, a name, key or certificate that stands twice, "*" or the role service
// for anonymous callers, "*" without the role service.
absl::StatusOr<AccessFile> ParseAccessFile(std::string_view text, const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_ACCESS_FILE_H_
