// Messages and statuses as what HTTP says of them: JSON, parameters, codes, headers.
//
// Not for reading bodies (message_reader.h), nor for the forms of OpenAI and MCP
// (openai_messages.h, mcp_protocol.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MESSAGE_JSON_H_
#define POLICYKB_GENERATOR_GATEWAY_MESSAGE_JSON_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "generator/gateway/http_message.h"

namespace policykb {

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";

// On one line.
std::string MessageToJson(const google::protobuf::Message& message);
// Sets a field by its JSON name: strings, numbers and booleans, or strings of a repeated field one
// by one, which may go by the singular (kind for kinds). Errors:
// InvalidArgument (no such field, a value of another type, a second value for one that is not
// repeated).
absl::Status SetParameter(std::string_view name, std::string_view value,
                          google::protobuf::Message& message);

// The HTTP code that google.rpc.Code documents for it.
int HttpCodeOf(absl::StatusCode code);
// The code for which a client that knows HTTP only would take it.
absl::StatusCode StatusCodeOf(int http_code);
// google.rpc.Status as JSON, with details.
std::string StatusJson(const absl::Status& status);
// The same with its HTTP code and, where the status has it, Retry-After.
WebResponse ErrorResponse(const absl::Status& status);
// The response to a request that was refused before anyone looked at it (http_server.h).
WebResponse RefusalResponse(int http_code, std::string_view message);
// Headers that say when to try again and how to prove who one is.
void AddErrorHeaders(const absl::Status& status, WebResponse& response);

// `text` as a JSON string, with its quotes.
std::string JsonString(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MESSAGE_JSON_H_
