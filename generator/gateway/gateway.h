// Gateway: HTTP in front of the retriever and the generator.
//
// Finds a request's route, lets its caller in by the rule of the method that the route stands for,
// and translates. Keeps nothing between requests. Any thread; nothing blocks.

#ifndef POLICYKB_GENERATOR_GATEWAY_GATEWAY_H_
#define POLICYKB_GENERATOR_GATEWAY_GATEWAY_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "generator/gateway/answer_text.h"
#include "generator/gateway/console_route.h"
#include "generator/gateway/gateway_call.h"
#include "generator/gateway/http_exchange.h"
#include "generator/gateway/http_target.h"
#include "generator/gateway/request_caller.h"
#include "generator/gateway/routes.h"
#include "generator/gateway/sessions.h"
#include "generator/gateway/upstream.h"

namespace policykb {

struct GatewayOptions {
  bool on_loopback = true;  // is reached on this machine only
  absl::Duration call_time = absl::Seconds(15);
  absl::Duration answer_time = absl::Seconds(180);
  CitationForm openai_citations = CitationForm::kBoth;
  std::string public_url = {};  // of the console, for links; empty: by the host that is asked
  // Told of each request as it ends, from any thread; may be empty.
  std::function<void(const RequestRecord&)> on_request = {};
};

class Gateway {
 public:
  // All must outlive the gateway, and the gateway its server.
  Gateway(const Access* access, const Sessions* sessions, Upstream* upstream,
          GatewayOptions options);

  // What HttpServer calls.
  void Handle(const WebRequest& request, std::shared_ptr<HttpExchange> exchange);

 private:
  using Call = std::shared_ptr<GatewayCall>;

  // Errors: as CredentialsOf, CheckOrigin, CheckCsrf and Access::Admit.
  absl::Status LetIn(const WebRequest& request, GatewayCall& call) const;
  void Dispatch(const Call& call, const RouteMatch& match, const HttpTarget& target,
                const WebRequest& request);
  std::string ConsoleUrl(const WebRequest& request) const;
  void HandleSession(GatewayCall& call, const WebRequest& request) const;
  absl::StatusOr<WebResponse> SessionOf(const WebRequest& request) const;
  absl::StatusOr<WebResponse> BeginSession(const WebRequest& request) const;

  const Access* access_;
  const Sessions* sessions_;
  Upstream* upstream_;
  const GatewayOptions options_;
  const ConsoleRoute console_;
  const std::string openapi_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_GATEWAY_H_
