#include "core/rpc/access_file.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/toml/table_reader.h"

namespace policykb {

namespace {

constexpr double kMostCallsPerSecond = 1e6;
constexpr double kMostConcurrentCalls = 1e5;

constexpr size_t kMaxNameBytes = 200;

// Names stand in log lines as they are.
bool IsNameByte(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\\' && c != '=' && c != '\x7f';
}

bool Holds(const std::vector<std::string>& strings, std::string_view wanted) {
  return std::find(strings.begin(), strings.end(), wanted) != strings.end();
}

// 0 where the key is absent.
absl::StatusOr<double> Limit(TomlTableReader& table, std::string_view key, double most) {
  const TomlEntry* entry = table.Find(key);
  if (entry == nullptr) return 0.0;
  ASSIGN_OR_RETURN(const double number, table.Number(*entry, most));
  if (number <= 0) return table.Wrong(*entry, Cat("a number above 0 and at most ", most));
  return number;
}

absl::Status ReadRoles(TomlTableReader& table, Principal& principal) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, table.Strings("roles"));
  for (const std::string& name : names) {
    const std::optional<Role> role = ParseRole(name);
    if (!role) {
      return table.Wrong(*table.Find("roles"),
                         Cat("of kiosk, staff, data, operator and service, not ", name));
    }
    principal.roles.Add(*role);
  }
  return names.empty() ? table.Wrong(table.line(), "roles = [...] with at least one role")
                       : absl::OkStatus();
}

absl::Status ReadLabels(TomlTableReader& table, const std::vector<std::string>& known,
                        Principal& principal) {
  ASSIGN_OR_RETURN(std::vector<std::string> labels, table.Strings("labels"));
  if (labels.empty()) return table.Wrong(table.line(), "labels = [...] with at least one label");
  const TomlEntry& entry = *table.Find("labels");
  for (std::string& label : labels) {
    if (label == kAnyLabel) {
      if (!principal.roles.Has(Role::kService))
        return table.Wrong(entry, "\"*\" for the role service only");
      principal.forwards_any_label = true;
    } else if (!Holds(known, label)) {
      return table.Wrong(entry, Cat("of the labels at the head of the file, not ", label));
    } else {
      principal.labels.push_back(std::move(label));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadLimits(TomlTableReader& table, CallLimits& limits) {
  ASSIGN_OR_RETURN(limits.calls_per_second, Limit(table, "calls_per_second", kMostCallsPerSecond));
  ASSIGN_OR_RETURN(limits.burst, Limit(table, "burst", kMostCallsPerSecond));
  ASSIGN_OR_RETURN(const double concurrent, Limit(table, "concurrent_calls", kMostConcurrentCalls));
  limits.concurrent_calls = static_cast<int>(concurrent);
  if (concurrent != limits.concurrent_calls)
    return table.Wrong(*table.Find("concurrent_calls"), "a whole number");
  if (limits.calls_per_second == 0) {
    if (limits.burst > 0)
      return table.Wrong(*table.Find("burst"), "there beside calls_per_second only");
    return absl::OkStatus();
  }
  if (limits.burst == 0) limits.burst = 2 * limits.calls_per_second;
  limits.burst = std::max(limits.burst, 1.0);
  return absl::OkStatus();
}

absl::StatusOr<Principal> ReadPrincipal(TomlTableReader& table, std::string name,
                                        const std::vector<std::string>& known_labels) {
  Principal principal{.name = std::move(name), .roles = {}, .labels = {}, .limits = {}};
  RETURN_IF_ERROR(ReadRoles(table, principal));
  RETURN_IF_ERROR(ReadLabels(table, known_labels, principal));
  RETURN_IF_ERROR(ReadLimits(table, principal.limits));
  return principal;
}

absl::StatusOr<Principal> ReadAnonymous(const TomlEntry& entry, const std::string& path,
                                        const std::vector<std::string>& known_labels) {
  TomlTableReader table(entry.value.table, entry.line, std::string(kAnonymous), path);
  if (entry.value.kind != TomlValue::Kind::kTable) return table.Wrong(entry.line, "[anonymous]");
  ASSIGN_OR_RETURN(Principal anonymous,
                   ReadPrincipal(table, std::string(kAnonymous), known_labels));
  RETURN_IF_ERROR(table.NoOtherKeys());
  // Whoever reaches the server could say to speak for anyone.
  if (anonymous.roles.Has(Role::kService))
    return table.Wrong(*table.Find("roles"), "without service: it is for callers that are known");
  return anonymous;
}

// Of one file: what may stand in it once only.
struct Seen {
  std::set<std::string> names;
  std::set<std::string> key_ids;
  std::set<std::string> certificates;
};

absl::StatusOr<PrincipalEntry> ReadEntry(TomlTableReader table,
                                         const std::vector<std::string>& known_labels, Seen& seen) {
  PrincipalEntry entry;
  ASSIGN_OR_RETURN(std::string name, table.RequiredString("name"));
  if (name.size() > kMaxNameBytes || !std::all_of(name.begin(), name.end(), IsNameByte)) {
    return table.Wrong(
        *table.Find("name"),
        Cat("at most ", kMaxNameBytes, " bytes without quotes, spaces and control characters"));
  }
  if (name == kAnonymous || !seen.names.insert(name).second)
    return table.Wrong(*table.Find("name"), Cat("a name of its own, not ", name, " again"));
  ASSIGN_OR_RETURN(entry.principal, ReadPrincipal(table, std::move(name), known_labels));
  ASSIGN_OR_RETURN(const std::vector<std::string> keys, table.Strings("keys"));
  for (const std::string& text : keys) {
    absl::StatusOr<ApiKeyHash> key = ApiKeyHash::Parse(text);
    if (!key.ok()) {
      return table.Wrong(*table.Find("keys"),
                         "hashes sha256:ID:SALT:DIGEST as policykb access new-key prints them");
    }
    if (!seen.key_ids.insert(key->id()).second)
      return table.Wrong(*table.Find("keys"), Cat("keys once in the file, not ", key->id()));
    entry.keys.push_back(*std::move(key));
  }
  ASSIGN_OR_RETURN(entry.certificates, table.Strings("certificates"));
  for (const std::string& certificate : entry.certificates) {
    if (!seen.certificates.insert(certificate).second) {
      return table.Wrong(*table.Find("certificates"),
                         Cat("names once in the file, not ", certificate));
    }
  }
  RETURN_IF_ERROR(table.NoOtherKeys());
  if (entry.keys.empty() && entry.certificates.empty())
    return table.Wrong(table.line(), "keys or certificates by which it is known");
  return entry;
}

}  // namespace

absl::StatusOr<AccessFile> ParseAccessFile(std::string_view text, const std::string& path) {
  ASSIGN_OR_RETURN_IN(const TomlTable parsed, ParseToml(text), path);
  AccessFile access;
  TomlTableReader file(parsed, 1, "access", path);
  ASSIGN_OR_RETURN(access.labels, file.Strings("labels"));
  if (access.labels.empty())
    return file.Wrong(1, "labels = [...], every label that documents and callers have");
  if (Holds(access.labels, kAnyLabel)) return file.Wrong(*file.Find("labels"), "without \"*\"");
  if (const TomlEntry* anonymous = file.Find(kAnonymous)) {
    ASSIGN_OR_RETURN(access.anonymous, ReadAnonymous(*anonymous, path, access.labels));
  }
  ASSIGN_OR_RETURN(const std::vector<TomlTableReader> principals, file.Tables("principal"));
  Seen seen;
  for (const TomlTableReader& table : principals) {
    ASSIGN_OR_RETURN(PrincipalEntry entry, ReadEntry(table, access.labels, seen));
    access.principals.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(file.NoOtherKeys());
  if (!access.anonymous && access.principals.empty())
    return file.Wrong(1, "[anonymous] or a [[principal]], else nobody may call");
  return access;
}

}  // namespace policykb
