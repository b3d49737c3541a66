#include "generator/gateway/gateway_call.h"

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/method_rules.h"
#include "generator/gateway/message_json.h"

namespace policykb {

namespace {

constexpr int kClientClosed = 499;

// Whether a status tells what is wrong with a server rather than with a request.
bool IsOfServer(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnavailable:
      return true;
    default:
      return false;
  }
}

}  // namespace

GatewayCall::GatewayCall(std::shared_ptr<HttpExchange> exchange, const Route* route,
                         TraceContext trace, const Told* told)
    : exchange_(std::move(exchange)), route_(route), told_(*told), began_(absl::Now()) {
  record_.method = route == nullptr ? std::string_view("none") : route->name;
  record_.trace = std::move(trace);
  upstream_caller_.trace = record_.trace;
}

GatewayCall::~GatewayCall() { Tell(kClientClosed, absl::CancelledError("let go")); }

void GatewayCall::LetIn(Admission admission, std::string caller_name) {
  record_.caller = admission.caller().name;
  record_.role = admission.caller().roles.ToString();
  upstream_caller_.caller =
      ForwardedCaller{.name = std::move(caller_name), .labels = admission.caller().labels};
  admission_.emplace(std::move(admission));
}

bool GatewayCall::MayCall(std::string_view method) const {
  return admission_ && admission_->caller().roles.Meets(RolesFor(method));
}

void GatewayCall::Reply(WebResponse response) {
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  const int code = response.code;
  exchange_->Reply(std::move(response));
  Tell(code, record_.status);
}

absl::Status GatewayCall::ForClient(const absl::Status& status) const {
  if (!IsOfServer(status.code())) return status;
  absl::Status told(status.code(),
                    Cat(absl::IsUnavailable(status) ? "cannot be answered now" : "went wrong here",
                        "; the servers' logs know it by the trace ", record_.trace.trace_id));
  status.ForEachPayload(
      [&told](absl::string_view url, const absl::Cord& payload) { told.SetPayload(url, payload); });
  return told;
}

void GatewayCall::Fail(const absl::Status& status) { Fail(status, status); }

void GatewayCall::Fail(const absl::Status& status, absl::Status logged) {
  record_.status = std::move(logged);
  const absl::Status told = ForClient(status);
  WebResponse response = error_form_ ? error_form_(told) : ErrorResponse(told);
  response.headers.push_back({"Cache-Control", "no-store"});
  Reply(std::move(response));
}

void GatewayCall::EndStream(const absl::Status& status) {
  record_.status = status;
  exchange_->End();
  Tell(absl::IsCancelled(status) ? kClientClosed : 200, status);
}

void GatewayCall::CancelWithClient(const std::shared_ptr<UpstreamCall>& upstream) {
  exchange_->WhenGone([weak = std::weak_ptr<UpstreamCall>(upstream)] {
    if (const std::shared_ptr<UpstreamCall> call = weak.lock()) call->Cancel();
  });
}

void GatewayCall::Tell(int code, absl::Status status) {
  if (is_told_) return;
  is_told_ = true;
  record_.code = code;
  record_.status = std::move(status);
  record_.took = absl::Now() - began_;
  if (told_) told_(record_);
}

}  // namespace policykb
