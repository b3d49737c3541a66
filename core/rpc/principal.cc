#include "core/rpc/principal.h"

#include "core/base/strings.h"

namespace policykb {

std::string_view NameOf(Role role) {
  switch (role) {
    case Role::kKiosk:
      return "kiosk";
    case Role::kStaff:
      return "staff";
    case Role::kData:
      return "data";
    case Role::kOperator:
      return "operator";
    case Role::kService:
      return "service";
  }
  return "";
}

std::optional<Role> ParseRole(std::string_view name) {
  for (const Role role : kAllRoles) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

std::string RoleSet::ToString() const {
  std::vector<std::string> names;
  for (const Role role : kAllRoles) {
    if (Has(role)) names.emplace_back(NameOf(role));
  }
  return Join(names, ", ");
}

}  // namespace policykb
