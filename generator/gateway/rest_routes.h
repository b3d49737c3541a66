// Routes that stand for one method of our services: JSON in, the method's call, JSON out.
//
// Pure translation. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_REST_ROUTES_H_
#define POLICYKB_GENERATOR_GATEWAY_REST_ROUTES_H_

#include <google/protobuf/descriptor.h>

#include <memory>
#include <string_view>

#include "generator/gateway/gateway_call.h"
#include "generator/gateway/http_message.h"
#include "generator/gateway/http_target.h"
#include "generator/gateway/routes.h"
#include "generator/gateway/upstream.h"

namespace policykb {

// Replies to a route of kind kCall.
void HandleCallRoute(const std::shared_ptr<GatewayCall>& call, const RouteMatch& match,
                     const HttpTarget& target, const WebRequest& request, Upstream& upstream);

// Replies to a route of kind kAnswerStream.
void HandleAnswerStream(const std::shared_ptr<GatewayCall>& call, const HttpTarget& target,
                        const WebRequest& request, Upstream& upstream);

// The method of "policykb.v1.RetrieverService/Search". REQUIRES: there is one.
const google::protobuf::MethodDescriptor& MethodOf(std::string_view name);

// Headers of a stream of server-sent events.
WebResponse EventStreamHead();

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_REST_ROUTES_H_
