// Principal: someone who may call, what for, and how often.
//
// Plain values. Not for how a caller proves who it is (access_file.h). Any thread.

#ifndef POLICYKB_CORE_RPC_PRINCIPAL_H_
#define POLICYKB_CORE_RPC_PRINCIPAL_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

// What callers are; method_rules.h says who may call what.
enum class Role : uint8_t {
  kKiosk,     // a screen in a service hall: citizens ask
  kStaff,     // people at desks
  kData,      // the data team
  kOperator,  // who runs the servers
  kService,   // another server, trusted to say on whose behalf it calls
};
inline constexpr Role kAllRoles[] = {Role::kKiosk, Role::kStaff, Role::kData, Role::kOperator,
                                     Role::kService};

// "kiosk", "staff", "data", "operator", "service".
std::string_view NameOf(Role role);
std::optional<Role> ParseRole(std::string_view name);

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) Add(role);
  }
  constexpr void Add(Role role) { bits_ = static_cast<uint8_t>(bits_ | Bit(role)); }
  constexpr bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Meets(RoleSet other) const { return (bits_ & other.bits_) != 0; }
  // "kiosk, staff".
  std::string ToString() const;
  friend constexpr bool operator==(RoleSet, RoleSet) = default;

 private:
  static constexpr uint8_t Bit(Role role) {
    return static_cast<uint8_t>(1U << static_cast<unsigned>(role));
  }
  uint8_t bits_ = 0;
};

struct CallLimits {
  double calls_per_second = 0;  // on average; 0: as many as it likes
  double burst = 0;             // calls at once after a pause; at least 1 where a rate is set
  int concurrent_calls = 0;     // at the same time; 0: as many as it likes
  friend bool operator==(const CallLimits&, const CallLimits&) = default;
};

struct Principal {
  std::string name;                 // as the access file has it; goes into logs
  RoleSet roles;                    // not empty
  std::vector<std::string> labels;  // of the text that it may see
  bool forwards_any_label = false;  // services only: it may call on behalf of holders of any label
  CallLimits limits;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_PRINCIPAL_H_
