#include "generator/gateway/mcp_routes.h"

#include <utility>

#include "core/base/strings.h"
#include "generator/gateway/mcp_protocol.h"

namespace policykb {

namespace {

constexpr std::string_view kVersionHeader = "MCP-Protocol-Version";

}  // namespace

void HandleMcp(const std::shared_ptr<GatewayCall>& call, const WebRequest& request,
               const std::string& console_url, Upstream& upstream) {
  if (request.CountHeaders(kVersionHeader) > 0 && !IsMcpVersion(request.Header(kVersionHeader))) {
    return call->Fail(
        absl::InvalidArgumentError(Cat("header ", kVersionHeader, ": is not spoken here")));
  }
  const McpProtocol::Caller caller = [call, &upstream](McpCall asked, McpProtocol::Done done) {
    if (!call->MayCall(asked.method)) {
      return done(absl::PermissionDeniedError(Cat(asked.method, ": not with the caller's roles")),
                  nullptr);
    }
    call->CancelWithClient(
        upstream.Start(asked.server, asked.method, call->upstream_caller(),
                       std::move(asked.request), std::move(asked.response),
                       [call, done = std::move(done)](const absl::Status& status, auto response) {
                         // What is made of the response is not made on gRPC's threads.
                         auto held = std::make_shared<decltype(response)>(std::move(response));
                         call->exchange().Post([call, done, status, held] {
                           if (!status.ok()) call->record().status = status;
                           done(call->ForClient(status), std::move(*held));
                         });
                       }));
  };
  McpProtocol::Handle(request.body, console_url, caller,
                      [call](McpOutcome outcome, std::string json) {
                        WebResponse response;
                        response.code = outcome == McpOutcome::kNone        ? 202
                                        : outcome == McpOutcome::kMalformed ? 400
                                                                            : 200;
                        if (outcome != McpOutcome::kNone)
                          response.headers.push_back({"Content-Type", "application/json"});
                        response.headers.push_back({"Cache-Control", "no-store"});
                        response.body = std::move(json);
                        call->Reply(std::move(response));
                      });
}

}  // namespace policykb
