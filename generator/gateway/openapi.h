// OpenApiJson: the description of the gateway's routes for other people's tools, OpenAPI 3.1.
//
// Made of the table of routes (routes.h) and of the messages themselves, so that it says what is
// served and nothing else. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_
#define POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_

#include <string>

namespace policykb {

// One JSON object; the same bytes each time.
std::string OpenApiJson();

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_OPENAPI_H_
