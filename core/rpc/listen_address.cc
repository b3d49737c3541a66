#include "core/rpc/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <optional>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr size_t kMaxShownBytes = 80;

std::optional<uint16_t> ParsePort(std::string_view digits) {
  if (digits.empty() || digits.size() > 5) return std::nullopt;
  uint32_t port = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + static_cast<uint32_t>(c - '0');
  }
  if (port > 65535) return std::nullopt;
  return static_cast<uint16_t>(port);
}

// inet_pton reads up to the first NUL byte.
bool HasNul(const std::string& host) { return host.find('\0') != std::string::npos; }

bool IsBracketed(const std::string& host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']';
}

std::string Shown(std::string_view text) {
  return Cat("address \"", text.substr(0, kMaxShownBytes), "\"");
}

bool IsLoopback4(const std::string& host) {
  in_addr address;
  return !HasNul(host) && ::inet_pton(AF_INET, host.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == 127;
}

bool IsLoopback6(const std::string& host) {
  in6_addr address;
  return !HasNul(host) && ::inet_pton(AF_INET6, host.c_str(), &address) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace

std::string ListenAddress::ToString() const { return Cat(host, ":", port); }

absl::StatusOr<ListenAddress> ParseListenAddress(std::string_view text) {
  const std::string shown = Shown(text);
  const size_t colon = text.rfind(':');
  const std::string host(text.substr(0, colon));
  // The last colon of a bare IPv6 address separates no port.
  if (colon == std::string_view::npos || host.empty() || HasNul(host) ||
      (!IsBracketed(host) && host.find_first_of(":[]") != std::string::npos)) {
    return absl::InvalidArgumentError(Cat(shown, " is not host:port, for example 127.0.0.1:50071"));
  }
  const std::optional<uint16_t> port = ParsePort(text.substr(colon + 1));
  if (!port) {
    return absl::InvalidArgumentError(
        Cat(shown, " has no port of 0 to 65535 behind its last colon"));
  }
  if (host == "localhost") return ListenAddress{.host = "127.0.0.1", .port = *port};
  return ListenAddress{.host = host, .port = *port};
}

absl::StatusOr<ListenAddress> ParseLoopbackAddress(std::string_view text) {
  ASSIGN_OR_RETURN(ListenAddress address, ParseListenAddress(text));
  const std::string& host = address.host;
  const bool loopback =
      IsBracketed(host) ? IsLoopback6(host.substr(1, host.size() - 2)) : IsLoopback4(host);
  if (!loopback) {
    return absl::FailedPreconditionError(Cat(Shown(text),
                                             " is not a loopback address: plain text is served on "
                                             "127.0.0.0/8, [::1] and localhost only"));
  }
  return address;
}

}  // namespace policykb
