#include "core/rpc/call_credentials.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>
#include <strings.h>

#include <memory>
#include <vector>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr char kAuthorization[] = "authorization";
constexpr char kCaller[] = "policykb-caller-bin";
constexpr std::string_view kScheme = "Bearer ";
constexpr size_t kMaxNameBytes = 200;

std::string_view View(const grpc::string_ref& text) { return {text.data(), text.size()}; }

// Empty where the call has none. Errors: Unauthenticated (more than one).
absl::StatusOr<std::string_view> OnlyValue(const grpc::CallbackServerContext& context,
                                           const char* name) {
  const auto [first, last] = context.client_metadata().equal_range(name);
  if (first == last) return std::string_view();
  if (std::next(first) != last)
    return absl::UnauthenticatedError(Cat("caller: metadata ", name, " more than once"));
  return View(first->second);
}

}  // namespace

absl::StatusOr<CallCredentials> CredentialsOf(const grpc::CallbackServerContext& context) {
  CallCredentials credentials;
  ASSIGN_OR_RETURN(const std::string_view authorization, OnlyValue(context, kAuthorization));
  if (!authorization.empty()) {
    if (authorization.size() <= kScheme.size() ||
        ::strncasecmp(authorization.data(), kScheme.data(), kScheme.size()) != 0) {
      return absl::UnauthenticatedError("caller: metadata authorization, expected \"Bearer KEY\"");
    }
    credentials.api_key = StripAsciiSpace(authorization.substr(kScheme.size()));
  }
  const std::shared_ptr<const grpc::AuthContext> connection = context.auth_context();
  if (connection != nullptr && connection->IsPeerAuthenticated()) {
    for (const grpc::string_ref& name :
         connection->FindPropertyValues(GRPC_X509_SAN_PROPERTY_NAME)) {
      credentials.certificate_names.emplace_back(View(name));
    }
  }
  ASSIGN_OR_RETURN(const std::string_view caller, OnlyValue(context, kCaller));
  if (context.client_metadata().contains(kCaller)) {
    const std::vector<std::string_view> parts = Split(caller, '\0');
    // It goes into logs.
    ForwardedCaller forwarded{.name = OneLine(parts.front().substr(0, kMaxNameBytes)),
                              .labels = {}};
    for (size_t i = 1; i < parts.size(); ++i) forwarded.labels.emplace_back(parts[i]);
    credentials.forwarded = std::move(forwarded);
  }
  return credentials;
}

absl::StatusOr<Admission> AdmitCall(const Access& access, std::string_view method,
                                    const grpc::CallbackServerContext& context, absl::Time now) {
  if (context.IsCancelled()) return absl::CancelledError("cancelled before it began");
  if (absl::FromChrono(context.deadline()) <= now)
    return absl::DeadlineExceededError("deadline passed before it began");
  ASSIGN_OR_RETURN(const CallCredentials credentials, CredentialsOf(context));
  return access.Admit(method, credentials, now);
}

void ShowKey(std::string_view api_key, grpc::ClientContext& context) {
  if (!api_key.empty()) context.AddMetadata(kAuthorization, Cat(kScheme, api_key));
}

void ForwardCaller(const ForwardedCaller& caller, grpc::ClientContext& context) {
  std::string value = caller.name;
  for (const std::string& label : caller.labels) value += Cat('\0', label);
  context.AddMetadata(kCaller, value);
}

}  // namespace policykb
