#include "tools/access_command.h"

#include <cstdio>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/api_key.h"
#include "core/rpc/method_rules.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 20;

void Print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// A list of TOML strings. Errors: InvalidArgument (what no plain string can hold).
absl::StatusOr<std::string> TomlStrings(const std::vector<std::string>& strings) {
  std::string list;
  for (const std::string& string : strings) {
    if (string.find_first_of("\"\\\n\r\t") != std::string::npos) {
      return absl::InvalidArgumentError(
          Cat("\"", string, "\": expected no quotes, backslashes or line ends"));
    }
    list += Cat(list.empty() ? "" : ", ", "\"", string, "\"");
  }
  return Cat("[", list, "]");
}

std::string LimitsForPeople(const CallLimits& limits) {
  std::string text;
  if (limits.calls_per_second > 0)
    text += Cat(", ", limits.calls_per_second, " calls/s, ", limits.burst, " at once");
  if (limits.concurrent_calls > 0) text += Cat(", ", limits.concurrent_calls, " under way");
  return text.empty() ? ", no limits" : text;
}

std::string PrincipalForPeople(const Principal& principal) {
  std::vector<std::string> labels = principal.labels;
  if (principal.forwards_any_label) labels.push_back("any that it forwards");
  return Cat(principal.name, ": ", principal.roles.ToString(), "; sees ", Join(labels, ", "),
             LimitsForPeople(principal.limits));
}

}  // namespace

absl::Status RunNewKey(const NewKeyCommand& command) {
  for (const std::string& role : command.roles) {
    if (!ParseRole(role)) {
      return absl::InvalidArgumentError(
          Cat("--role ", role, ", expected kiosk, staff, data, operator or service"));
    }
  }
  ASSIGN_OR_RETURN(const std::string name, TomlStrings({command.name}));
  ASSIGN_OR_RETURN(const std::string roles, TomlStrings(command.roles));
  ASSIGN_OR_RETURN(const std::string labels, TomlStrings(command.labels));
  const std::string key = MakeApiKey();
  ASSIGN_OR_RETURN(const ApiKeyHash hash, ApiKeyHash::Of(key));
  Print(Cat("# The key, for the caller's key file. It is kept nowhere else:\n", key,
            "\n\n# For the access file:\n[[principal]]\nname = ", name.substr(1, name.size() - 2),
            "\nroles = ", roles, "\nlabels = ", labels, "\nkeys = [\"", hash.ToString(), "\"]\n"));
  return absl::OkStatus();
}

absl::Status RunCheckAccess(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN(const AccessFile file, ParseAccessFile(text, path));
  Print(AccessForPeople(file));
  return absl::OkStatus();
}

std::string AccessForPeople(const AccessFile& file) {
  std::string text = Cat("labels: ", Join(file.labels, ", "), "\n");
  text += file.anonymous ? PrincipalForPeople(*file.anonymous) + "\n"
                         : "callers who show nothing: refused\n";
  for (const PrincipalEntry& entry : file.principals) {
    std::vector<std::string> known_by;
    for (const ApiKeyHash& key : entry.keys) known_by.push_back(Cat("key ", key.id()));
    for (const std::string& certificate : entry.certificates)
      known_by.push_back(Cat("certificate ", certificate));
    text += Cat(PrincipalForPeople(entry.principal), "; known by ", Join(known_by, ", "), "\n");
  }
  return text;
}

std::string MethodRulesTable() {
  std::string table = "| method |";
  std::string line = "|---|";
  for (const Role role : kAllRoles) {
    table += Cat(" ", NameOf(role), " |");
    line += "---|";
  }
  table += Cat("\n", line, "\n");
  for (const MethodRule& rule : MethodRules()) {
    table += Cat("| `", rule.method, "` |");
    for (const Role role : kAllRoles) table += rule.roles.Has(role) ? " yes |" : " |";
    table += "\n";
  }
  return table;
}

}  // namespace policykb
