// GatewayCall: one request from when its route is known until its response is whole.
//
// Keeps who asks and the place among the caller's limits, and says once what became of it. Held by
// whatever works on the request; one that is let go without a reply counts as cancelled. Any
// thread, one call at a time.

#ifndef POLICYKB_GENERATOR_GATEWAY_GATEWAY_CALL_H_
#define POLICYKB_GENERATOR_GATEWAY_GATEWAY_CALL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "core/rpc/call_record.h"
#include "core/rpc/trace_context.h"
#include "generator/gateway/http_exchange.h"
#include "generator/gateway/routes.h"
#include "generator/gateway/upstream.h"

namespace policykb {

// What may be kept of a request. Its method is the route's name, or "none".
struct RequestRecord : CallRecord {
  int code = 0;  // of HTTP; 499 where the client went away
};

class GatewayCall {
 public:
  using Told = std::function<void(const RequestRecord&)>;
  // What an error looks like to the client of a route; google.rpc.Status where there is none.
  using ErrorForm = std::function<WebResponse(const absl::Status&)>;

  // `route` is null for a request that has none. `told` must outlive the call.
  GatewayCall(std::shared_ptr<HttpExchange> exchange, const Route* route, TraceContext trace,
              const Told* told);
  ~GatewayCall();
  GatewayCall(const GatewayCall&) = delete;
  GatewayCall& operator=(const GatewayCall&) = delete;

  void LetIn(Admission admission, std::string caller_name);
  void SetDeadline(absl::Time deadline) { upstream_caller_.deadline = deadline; }
  void SetErrorForm(ErrorForm form) { error_form_ = std::move(form); }

  const Route* route() const { return route_; }
  const TraceContext& trace() const { return record_.trace; }
  // REQUIRES: LetIn was called.
  const UpstreamCaller& upstream_caller() const { return upstream_caller_; }
  // Whether the caller may call another method than its route's.
  bool MayCall(std::string_view method) const;
  HttpExchange& exchange() const { return *exchange_; }
  RequestRecord& record() { return record_; }

  void Reply(WebResponse response);
  // Replies with an error; what is the fault of a server is told in our words, with the trace id by
  // which the log has the whole.
  void Fail(const absl::Status& status);
  // The same for an error whose message quotes what was sent: the log has `logged` instead.
  void Fail(const absl::Status& status, absl::Status logged);
  // What the client is told of it.
  absl::Status ForClient(const absl::Status& status) const;

  // A stream ends; with what it was ended.
  void EndStream(const absl::Status& status);

  // Has `upstream` cancelled when the client goes away.
  void CancelWithClient(const std::shared_ptr<UpstreamCall>& upstream);

 private:
  void Tell(int code, absl::Status status);

  const std::shared_ptr<HttpExchange> exchange_;
  const Route* const route_;
  const Told& told_;
  const absl::Time began_;
  ErrorForm error_form_;
  std::optional<Admission> admission_;
  UpstreamCaller upstream_caller_;
  RequestRecord record_;
  bool is_told_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_GATEWAY_CALL_H_
