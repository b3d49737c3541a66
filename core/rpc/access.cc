#include "core/rpc/access.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/access_file.h"
#include "core/rpc/api_key.h"
#include "core/rpc/method_rules.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 20;

struct KnownPrincipal {
  Principal principal;
  std::shared_ptr<CallLimiter> limiter;
};

struct KnownKey {
  ApiKeyHash hash;
  const KnownPrincipal* owner;
};

bool Holds(const std::vector<std::string>& labels, std::string_view wanted) {
  return std::find(labels.begin(), labels.end(), wanted) != labels.end();
}

// The labels that a service may show the holder of `wanted`.
std::vector<std::string> Forwardable(const Principal& service, std::vector<std::string> wanted) {
  if (service.forwards_any_label) return wanted;
  std::erase_if(wanted,
                [&service](const std::string& label) { return !Holds(service.labels, label); });
  return wanted;
}

}  // namespace

struct Access::Directory {
  std::vector<std::unique_ptr<const KnownPrincipal>> principals;
  std::map<std::string, KnownKey, std::less<>> by_key;  // id -> hash and owner
  std::map<std::string, const KnownPrincipal*, std::less<>> by_certificate;
  const KnownPrincipal* anonymous = nullptr;  // null: refused
  bool everybody = false;                     // no rules at all

  // Errors: Unauthenticated.
  absl::StatusOr<const KnownPrincipal*> Identify(const CallCredentials& credentials) const {
    if (everybody) return anonymous;
    if (!credentials.api_key.empty()) {
      const auto found = by_key.find(ApiKeyId(credentials.api_key));
      if (found == by_key.end() || !found->second.hash.Matches(credentials.api_key))
        return absl::UnauthenticatedError("caller: its key is not known here");
      return found->second.owner;
    }
    if (!credentials.session_key_id.empty()) {
      const auto found = by_key.find(credentials.session_key_id);
      if (found == by_key.end())
        return absl::UnauthenticatedError(
            "caller: the key of its session is not known here any more");
      return found->second.owner;
    }
    for (const std::string& name : credentials.certificate_names) {
      const auto found = by_certificate.find(name);
      if (found != by_certificate.end()) return found->second;
    }
    if (anonymous == nullptr) {
      return absl::UnauthenticatedError(
          credentials.certificate_names.empty()
              ? "caller: shows no key (authorization: Bearer ...) and no client certificate"
              : Cat("caller: no name of its certificate is known here, among them ",
                    credentials.certificate_names.front()));
    }
    return anonymous;
  }
};

bool IsRefusal(const absl::Status& status) {
  return absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status) ||
         absl::IsResourceExhausted(status);
}

absl::StatusOr<std::unique_ptr<Access>> Access::Open(const std::string& path) {
  std::unique_ptr<Access> access(new Access(path));
  RETURN_IF_ERROR(access->Refresh().status());
  return access;
}

std::unique_ptr<Access> Access::ForEverybody(std::vector<std::string> labels) {
  auto directory = std::make_shared<Directory>();
  directory->everybody = true;
  directory->principals.push_back(std::make_unique<const KnownPrincipal>(
      KnownPrincipal{.principal = {.name = std::string(kAnonymous),
                                   .roles = {Role::kStaff, Role::kOperator, Role::kService},
                                   .labels = std::move(labels),
                                   .limits = {}},
                     .limiter = nullptr}));
  directory->anonymous = directory->principals.front().get();
  std::unique_ptr<Access> access(new Access(""));
  absl::MutexLock lock(&access->mutex_);
  access->directory_ = std::move(directory);
  return access;
}

absl::StatusOr<Admission> Access::Admit(std::string_view method, const CallCredentials& credentials,
                                        absl::Time now) const {
  const std::shared_ptr<const Directory> known = directory();
  ASSIGN_OR_RETURN(const KnownPrincipal* const found, known->Identify(credentials));
  const Principal& principal = found->principal;
  const RoleSet needed = RolesFor(method);
  if (!principal.roles.Meets(needed)) {
    return absl::PermissionDeniedError(Cat(method, ": needs one of the roles ", needed.ToString(),
                                           "; principal ", principal.name, " has ",
                                           principal.roles.ToString()));
  }
  Caller caller{.name = principal.name,
                .roles = principal.roles,
                .on_behalf_of = {},
                .labels = principal.labels};
  if (credentials.forwarded) {
    if (!principal.roles.Has(Role::kService)) {
      return absl::PermissionDeniedError(Cat("principal ", principal.name,
                                             ": forwards a caller's labels, for which it needs the "
                                             "role service"));
    }
    caller.on_behalf_of = credentials.forwarded->name;
    caller.labels = Forwardable(principal, credentials.forwarded->labels);
  }
  if (found->limiter) RETURN_IF_ERROR(found->limiter->Enter(now));
  return Admission(std::move(caller), found->limiter);
}

absl::StatusOr<Caller> Access::Identify(const CallCredentials& credentials) const {
  const std::shared_ptr<const Directory> known = directory();
  ASSIGN_OR_RETURN(const KnownPrincipal* const found, known->Identify(credentials));
  return Caller{.name = found->principal.name,
                .roles = found->principal.roles,
                .on_behalf_of = {},
                .labels = found->principal.labels};
}

absl::StatusOr<std::string> Access::KeyEntry(std::string_view key_id) const {
  const std::shared_ptr<const Directory> known = directory();
  const auto found = known->by_key.find(key_id);
  if (found == known->by_key.end())
    return absl::UnauthenticatedError("caller: its key is not known here");
  return Cat(found->second.hash.ToString(), "\n", found->second.owner->principal.name);
}

std::shared_ptr<const Access::Directory> Access::directory() const {
  absl::MutexLock lock(&mutex_);
  return directory_;
}

absl::StatusOr<std::shared_ptr<const Access::Directory>> Access::Load(std::string_view text) {
  ASSIGN_OR_RETURN(AccessFile file, ParseAccessFile(text, path_));
  auto directory = std::make_shared<Directory>();
  std::map<std::string, std::shared_ptr<CallLimiter>> limiters;
  // A principal whose limits change keeps the calls that it has under way.
  const auto add = [&](Principal principal) -> const KnownPrincipal* {
    std::shared_ptr<CallLimiter>& limiter = limiters[principal.name];
    if (const auto old = limiters_.find(principal.name); old != limiters_.end()) {
      limiter = old->second;
      limiter->SetLimits(principal.limits);
    } else {
      limiter = std::make_shared<CallLimiter>(principal.name, principal.limits);
    }
    directory->principals.push_back(std::make_unique<const KnownPrincipal>(
        KnownPrincipal{.principal = std::move(principal), .limiter = limiter}));
    return directory->principals.back().get();
  };
  if (file.anonymous) directory->anonymous = add(*std::move(file.anonymous));
  for (PrincipalEntry& entry : file.principals) {
    const KnownPrincipal* const known = add(std::move(entry.principal));
    for (ApiKeyHash& key : entry.keys) {
      std::string id = key.id();
      directory->by_key.emplace(std::move(id), KnownKey{.hash = std::move(key), .owner = known});
    }
    for (std::string& name : entry.certificates)
      directory->by_certificate.emplace(std::move(name), known);
  }
  limiters_ = std::move(limiters);
  return directory;
}

absl::StatusOr<bool> Access::Refresh() {
  if (path_.empty()) return false;
  const absl::StatusOr<std::string> text = ReadFile(path_, kMaxFileBytes);
  // A fault that lasts is told once, a file that is back is read again.
  std::string seen =
      text.ok() ? Cat("file ", *text) : Cat("fault ", std::string(text.status().message()));
  if (seen == seen_) return false;
  seen_ = std::move(seen);
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(std::shared_ptr<const Directory> loaded, Load(*text));
  absl::MutexLock lock(&mutex_);
  directory_ = std::move(loaded);
  return true;
}

}  // namespace policykb
