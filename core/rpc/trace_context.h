// TraceContext: which request of which origin a call is a part of, as W3C Trace Context says.
//
// Read from the header `traceparent` (https://www.w3.org/TR/trace-context/, version 00), handed on
// with every call that a call makes, and logged by every program on the way, so that one id finds
// all their lines. `tracestate` is not kept. Not for who calls (call_credentials.h): anyone may say
// any id. Any thread.

#ifndef POLICYKB_CORE_RPC_TRACE_CONTEXT_H_
#define POLICYKB_CORE_RPC_TRACE_CONTEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace grpc {
class CallbackServerContext;
class ClientContext;
}  // namespace grpc

namespace policykb {

inline constexpr char kTraceParent[] = "traceparent";

struct TraceContext {
  std::string trace_id;  // 32 lower-case hexadecimal digits, not all zero; empty: none
  std::string span_id;   // 16 of them, not all zero: this program's part
  uint8_t flags = 0;     // 1: the caller keeps its part

  // "00-TRACE-SPAN-FLAGS". REQUIRES: not empty.
  std::string ToTraceParent() const;
  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

// What the header says, the caller's part; nullopt for anything that the specification does not
// allow. Of a later version the first four parts count, as it demands.
std::optional<TraceContext> ParseTraceParent(std::string_view text);

// A part of the trace that `parent` is in, or of a new one without it.
TraceContext PartOf(const std::optional<TraceContext>& parent);

// A part of what the call says it belongs to; of a new trace when it says nothing, something
// malformed, or more than one thing.
TraceContext TraceOf(const grpc::CallbackServerContext& context);
// Says to the server that is called what the call is part of; an empty trace says nothing.
void ForwardTrace(const TraceContext& trace, grpc::ClientContext& context);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_TRACE_CONTEXT_H_
