#include "core/rpc/method_rules.h"

namespace policykb {

namespace {

constexpr RoleSet kEveryone = {Role::kKiosk, Role::kStaff, Role::kData, Role::kOperator,
                               Role::kService};
constexpr RoleSet kNoKiosk = {Role::kStaff, Role::kData, Role::kOperator, Role::kService};

constexpr RoleSet kKeepers = {Role::kData, Role::kOperator};

constexpr MethodRule kRules[] = {
    {"policykb.v1.AdminService/GetStatus", {Role::kOperator}},
    {"policykb.v1.GeneratorService/GenerateAnswer", kEveryone},
    {"policykb.v1.GeneratorService/GetFeedbackReport", kKeepers},
    {"policykb.v1.GeneratorService/StreamGenerateAnswer", kEveryone},
    {"policykb.v1.GeneratorService/SubmitFeedback", kEveryone},
    {"policykb.v1.RetrieverService/BatchGetPassages", kEveryone},
    {"policykb.v1.RetrieverService/GetDocument", kEveryone},
    {"policykb.v1.RetrieverService/GetSnapshot", kNoKiosk},
    {"policykb.v1.RetrieverService/GetSnapshotReport", kKeepers},
    {"policykb.v1.RetrieverService/ListDocuments", kEveryone},
    {"policykb.v1.RetrieverService/ListSnapshots", kKeepers},
    {"policykb.v1.RetrieverService/RollBack", {Role::kOperator}},
    {"policykb.v1.RetrieverService/Search", kEveryone},
    {"policykb.v1.RetrieverService/SuggestQuestions", kEveryone},
};

}  // namespace

std::span<const MethodRule> MethodRules() { return kRules; }

RoleSet RolesFor(std::string_view method) {
  for (const MethodRule& rule : kRules) {
    if (rule.method == method) return rule.roles;
  }
  return {};
}

}  // namespace policykb
