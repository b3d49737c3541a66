#include "core/rpc/trace_context.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "core/base/random_id.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
constexpr size_t kVersion00Length = 2 + 1 + kTraceDigits + 1 + kSpanDigits + 1 + 2;

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string::npos; }

// All zero is no id.
std::string RandomSpan() {
  std::string id = RandomHex(kSpanDigits / 2);
  while (IsZero(id)) id = RandomHex(kSpanDigits / 2);
  return id;
}

}  // namespace

std::string TraceContext::ToTraceParent() const {
  char hex[4];
  std::snprintf(hex, sizeof(hex), "%02x", static_cast<unsigned>(flags));
  return Cat("00-", trace_id, "-", span_id, "-", std::string_view(hex));
}

std::optional<TraceContext> ParseTraceParent(std::string_view text) {
  if (text.size() < kVersion00Length) return std::nullopt;
  const std::string_view version = text.substr(0, 2);
  const std::string_view trace = text.substr(3, kTraceDigits);
  const std::string_view span = text.substr(4 + kTraceDigits, kSpanDigits);
  const std::string_view flags = text.substr(5 + kTraceDigits + kSpanDigits, 2);
  if (text[2] != '-' || text[3 + kTraceDigits] != '-' ||
      text[4 + kTraceDigits + kSpanDigits] != '-') {
    return std::nullopt;
  }
  if (!IsHex(version) || !IsHex(trace) || !IsHex(span) || !IsHex(flags)) return std::nullopt;
  if (version == "ff" || IsZero(trace) || IsZero(span)) return std::nullopt;
  if (text.size() > kVersion00Length && (version == "00" || text[kVersion00Length] != '-'))
    return std::nullopt;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  return TraceContext{.trace_id = std::string(trace),
                      .span_id = std::string(span),
                      .flags = static_cast<uint8_t>(16 * digit(flags[0]) + digit(flags[1]))};
}

TraceContext PartOf(const std::optional<TraceContext>& parent) {
  if (parent) {
    // Of the flags, this one is all that version 00 knows.
    constexpr uint8_t kSampled = 1;
    return {.trace_id = parent->trace_id,
            .span_id = RandomSpan(),
            .flags = static_cast<uint8_t>(parent->flags & kSampled)};
  }
  // Both at once: each asks the system.
  std::string ids = RandomHex((kTraceDigits + kSpanDigits) / 2);
  while (IsZero(std::string_view(ids).substr(0, kTraceDigits)) ||
         IsZero(std::string_view(ids).substr(kTraceDigits))) {
    ids = RandomHex((kTraceDigits + kSpanDigits) / 2);
  }
  return {.trace_id = ids.substr(0, kTraceDigits), .span_id = ids.substr(kTraceDigits)};
}

TraceContext TraceOf(const grpc::CallbackServerContext& context) {
  const auto [first, last] = context.client_metadata().equal_range(kTraceParent);
  if (first == last || std::next(first) != last) return PartOf(std::nullopt);
  return PartOf(ParseTraceParent({first->second.data(), first->second.size()}));
}

void ForwardTrace(const TraceContext& trace, grpc::ClientContext& context) {
  if (!trace.trace_id.empty()) context.AddMetadata(kTraceParent, trace.ToTraceParent());
}

}  // namespace policykb
