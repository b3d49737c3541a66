#include "generator/gateway/gateway.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/method_rules.h"
#include "generator/gateway/mcp_routes.h"
#include "generator/gateway/message_json.h"
#include "generator/gateway/message_reader.h"
#include "generator/gateway/openai_messages.h"
#include "generator/gateway/openai_routes.h"
#include "generator/gateway/openapi.h"
#include "generator/gateway/rest_routes.h"

namespace policykb {

namespace {

// The name of the caller on a server without an access file.
constexpr std::string_view kEverybody = "everybody";

TraceContext TraceOfRequest(const WebRequest& request) {
  if (request.CountHeaders(kTraceParent) != 1) return PartOf(std::nullopt);
  return PartOf(ParseTraceParent(request.Header(kTraceParent)));
}

WebResponse PrivateJson(std::string json) {
  WebResponse response = MakeResponse(200, kJsonType, std::move(json));
  response.headers.push_back({"Cache-Control", "no-store"});
  return response;
}

std::string CookieHeader(std::string_view value, absl::Duration age, bool secure) {
  return Cat(kSessionCookie, "=", value,
             "; Path=/; HttpOnly; SameSite=Strict; Max-Age=", absl::ToInt64Seconds(age),
             secure ? "; Secure" : "");
}

}  // namespace

Gateway::Gateway(const Access* access, const Sessions* sessions, Upstream* upstream,
                 GatewayOptions options)
    : access_(access),
      sessions_(sessions),
      upstream_(upstream),
      options_(std::move(options)),
      console_(ConsoleFiles()),
      openapi_(OpenApiJson()) {}

void Gateway::Handle(const WebRequest& request, std::shared_ptr<HttpExchange> exchange) {
  const TraceContext trace = TraceOfRequest(request);
  const absl::StatusOr<HttpTarget> target = ParseHttpTarget(request.target);
  RouteMatch match;
  if (target.ok()) match = FindRoute(request.method, target->segments);
  const auto call =
      std::make_shared<GatewayCall>(std::move(exchange), match.route, trace, &options_.on_request);
  if (!target.ok()) return call->Fail(target.status());
  if (match.route == nullptr && match.allow.empty())
    return call->Fail(absl::NotFoundError("target: no such route, see /openapi.json"));
  if (match.route == nullptr) {
    WebResponse response = MakeResponse(
        405, kJsonType,
        StatusJson(absl::UnimplementedError(Cat("method: expected one of ", match.allow))));
    response.headers.push_back({"Allow", match.allow});
    call->record().status = absl::UnimplementedError("method: none of this route");
    return call->Reply(std::move(response));
  }
  if (match.route->kind == RouteKind::kChat || match.route->kind == RouteKind::kModels)
    call->SetErrorForm(OpenAiErrorResponse);
  if (const absl::Status in = LetIn(request, *call); !in.ok()) return call->Fail(in);
  Dispatch(call, match, *target, request);
}

absl::Status Gateway::LetIn(const WebRequest& request, GatewayCall& call) const {
  if (options_.on_loopback && !access_->knows_callers())
    RETURN_IF_ERROR(CheckLoopbackHost(request));
  if (request.method != "GET" && request.method != "HEAD") RETURN_IF_ERROR(CheckOrigin(request));
  if (call.route()->method.empty()) return absl::OkStatus();
  // Where callers are not told apart, what is for people who run the servers is for this machine.
  if (!access_->knows_callers() && !options_.on_loopback &&
      !RolesFor(call.route()->method).Has(Role::kStaff)) {
    return absl::PermissionDeniedError(
        Cat(call.route()->name, ": without an access file on a loopback address only"));
  }
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(const ShownCredentials shown, CredentialsOf(request, *access_, *sessions_, now));
  RETURN_IF_ERROR(CheckCsrf(request, shown, *sessions_));
  ASSIGN_OR_RETURN(Admission admission,
                   access_->Admit(call.route()->method, shown.credentials, now));
  std::string name(access_->knows_callers() ? std::string_view(admission.caller().name)
                                            : kEverybody);
  call.LetIn(std::move(admission), std::move(name));
  const bool answers = call.route()->server == RouteServer::kGenerator;
  call.SetDeadline(now + (answers ? options_.answer_time : options_.call_time));
  return absl::OkStatus();
}

void Gateway::Dispatch(const Call& call, const RouteMatch& match, const HttpTarget& target,
                       const WebRequest& request) {
  switch (call->route()->kind) {
    case RouteKind::kCall:
      return HandleCallRoute(call, match, target, request, *upstream_);
    case RouteKind::kAnswerStream:
      return HandleAnswerStream(call, target, request, *upstream_);
    case RouteKind::kSession:
      return HandleSession(*call, request);
    case RouteKind::kChat:
      return HandleChat(call, request, options_.openai_citations, ConsoleUrl(request), *upstream_);
    case RouteKind::kModels:
      return call->Reply(PrivateJson(ModelsJson()));
    case RouteKind::kMcp:
      return HandleMcp(call, request, ConsoleUrl(request), *upstream_);
    case RouteKind::kConsole: {
      absl::StatusOr<WebResponse> response =
          console_.Serve(Cat("/", Join(target.segments, "/")), request);
      if (!response.ok()) return call->Fail(response.status());
      return call->Reply(*std::move(response));
    }
    case RouteKind::kOpenApi: {
      WebResponse response = MakeResponse(200, "application/json", openapi_);
      response.headers.push_back({"Cache-Control", "no-cache"});
      return call->Reply(std::move(response));
    }
    case RouteKind::kHealth:
      return call->Reply(PrivateJson("{\"status\":\"SERVING\"}"));
  }
}

std::string Gateway::ConsoleUrl(const WebRequest& request) const {
  if (!options_.public_url.empty()) return options_.public_url;
  const std::string_view host = request.Header("Host");
  // It stands in text that others show: nothing but what hosts are made of.
  const bool plain = host.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]_") ==
                     std::string_view::npos;
  if (host.empty() || !plain) return "";
  return Cat(request.secure ? "https://" : "http://", host);
}

void Gateway::HandleSession(GatewayCall& call, const WebRequest& request) const {
  if (request.method == "DELETE") {
    // Who has no session has none to be robbed of.
    const absl::StatusOr<ShownCredentials> shown =
        CredentialsOf(request, *access_, *sessions_, absl::Now());
    if (shown.ok()) {
      const absl::Status allowed = CheckCsrf(request, *shown, *sessions_);
      if (!allowed.ok()) return call.Fail(allowed);
    }
    WebResponse response = PrivateJson("{}");
    response.headers.push_back(
        {"Set-Cookie", CookieHeader("", absl::ZeroDuration(), request.secure)});
    return call.Reply(std::move(response));
  }
  absl::StatusOr<WebResponse> response =
      request.method == "POST" ? BeginSession(request) : SessionOf(request);
  if (response.ok()) return call.Reply(*std::move(response));
  if (absl::IsUnauthenticated(response.status())) {
    call.SetErrorForm([](const absl::Status& status) {
      WebResponse error = ErrorResponse(status);
      error.body = Cat("{\"loginRequired\":true,", std::string_view(StatusJson(status)).substr(1));
      return error;
    });
  }
  // What is malformed may be a key.
  if (absl::IsInvalidArgument(response.status()))
    return call.Fail(response.status(), absl::InvalidArgumentError("request: is malformed"));
  call.Fail(response.status());
}

absl::StatusOr<WebResponse> Gateway::SessionOf(const WebRequest& request) const {
  ASSIGN_OR_RETURN(const ShownCredentials shown,
                   CredentialsOf(request, *access_, *sessions_, absl::Now()));
  ASSIGN_OR_RETURN(const Caller caller, access_->Identify(shown.credentials));
  std::vector<std::string> roles;
  for (const Role role : kAllRoles) {
    if (caller.roles.Has(role)) roles.push_back(JsonString(NameOf(role)));
  }
  // Who is let in without showing anything need not log in, but may.
  const bool known = !shown.session.empty() || !shown.credentials.api_key.empty();
  return PrivateJson(
      Cat("{\"principal\":", JsonString(access_->knows_callers() ? caller.name : kEverybody),
          ",\"roles\":[", Join(roles, ","), "],\"csrfToken\":\"",
          shown.session.empty() ? "" : sessions_->CsrfToken(shown.session),
          "\",\"loginRequired\":", known && access_->knows_callers() ? "true" : "false", "}"));
}

absl::StatusOr<WebResponse> Gateway::BeginSession(const WebRequest& request) const {
  ASSIGN_OR_RETURN(const std::string api_key, ReadOnlyString(request.body, "apiKey"));
  if (!access_->knows_callers()) return SessionOf(request);
  ASSIGN_OR_RETURN(const std::string cookie, sessions_->Begin(*access_, api_key, absl::Now()));
  WebRequest begun;
  begun.method = "GET";
  begun.headers.push_back({"Cookie", Cat(kSessionCookie, "=", cookie)});
  ASSIGN_OR_RETURN(WebResponse response, SessionOf(begun));
  response.headers.push_back(
      {"Set-Cookie", CookieHeader(cookie, Sessions::kLength, request.secure)});
  return response;
}

}  // namespace policykb
