// MethodRules: which roles may call which method of our services.
//
// The one table of it; docs/operations.md shows it to people and a test holds the two together. A
// method that is not in it can be called by nobody. Health and reflection are gRPC's own services
// and are open to whoever reaches the server. Any thread.

#ifndef POLICYKB_CORE_RPC_METHOD_RULES_H_
#define POLICYKB_CORE_RPC_METHOD_RULES_H_

#include <span>
#include <string_view>

#include "core/rpc/principal.h"

namespace policykb {

struct MethodRule {
  std::string_view method;  // "policykb.v1.RetrieverService/Search"
  RoleSet roles;            // any of them suffices
};

std::span<const MethodRule> MethodRules();

// Roles that may call it; empty for a method without a rule.
RoleSet RolesFor(std::string_view method);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_METHOD_RULES_H_
