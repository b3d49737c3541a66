// policykb access: keys for callers, and a look at an access file before servers read it.
//
// Not for deciding about calls (core/rpc/access.h). One call at a time.

#ifndef POLICYKB_TOOLS_ACCESS_COMMAND_H_
#define POLICYKB_TOOLS_ACCESS_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/rpc/access_file.h"

namespace policykb {

struct NewKeyCommand {
  std::string name;                 // of the principal
  std::vector<std::string> roles;   // names of roles
  std::vector<std::string> labels;  // of the text that it may see
};

// Prints a new key, which is kept nowhere, and the table [[principal]] for the access file that
// knows it. Errors: InvalidArgument (a role that there is not, a name or label with a quote).
absl::Status RunNewKey(const NewKeyCommand& command);

// Prints who may call, or the first fault. Errors: as ReadFile and ParseAccessFile.
absl::Status RunCheckAccess(const std::string& path);

// A line for each principal: name, roles, labels, limits, what it is known by.
std::string AccessForPeople(const AccessFile& file);

// Which role may call what, as a table in Markdown.
std::string MethodRulesTable();

}  // namespace policykb

#endif  // POLICYKB_TOOLS_ACCESS_COMMAND_H_
