// OpenApiJson: the description of the gateway's routes for other people's tools, OpenAPI 3.1.
//
// generator/gateway/openapi.json as it stands in the program. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_
#define POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_

#include <string_view>

namespace policykb {

std::string_view OpenApiJson();

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_
