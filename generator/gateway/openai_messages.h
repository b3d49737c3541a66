// Messages of OpenAI's chat completions: what of them means something here.
//
// Of a request: the last question, earlier turns, whether to stream. What else clients send, such
// as a temperature, is taken and does nothing: a text is quoted or it is not. Messages of the
// system are not followed: what answers may say is not a client's to decide. Pure functions, any
// thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_OPENAI_MESSAGES_H_
#define POLICYKB_GENERATOR_GATEWAY_OPENAI_MESSAGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "generator/gateway/answer_text.h"
#include "generator/gateway/http_message.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

inline constexpr std::string_view kOpenAiModel = "policykb";

struct OpenAiRequest {
  v1::AnswerSpec spec;
  bool stream = false;
  bool include_usage = false;  // in a last piece of a stream
};

// Errors: InvalidArgument (no such JSON, no question of the user at the end, parts that are no
// text, more than one choice, a tool that must be called), NotFound (another model); the message
// quotes nothing that was asked.
absl::StatusOr<OpenAiRequest> ReadChatRequest(std::string_view json);

// What all pieces of one completion share.
struct CompletionHead {
  std::string id;       // "chatcmpl-..."
  int64_t created = 0;  // Unix time
};

// A whole completion.
std::string CompletionJson(const CompletionHead& head, std::string_view text,
                           const std::vector<TextCitation>& marks,
                           const v1::GroundedAnswer& answer);

// Pieces of a streamed one, each a JSON object.
std::string FirstPieceJson(const CompletionHead& head);
std::string TextPieceJson(const CompletionHead& head, std::string_view text);
std::string MarksPieceJson(const CompletionHead& head, const std::vector<TextCitation>& marks);
std::string LastPieceJson(const CompletionHead& head);
std::string UsagePieceJson(const CompletionHead& head, const v1::GroundedAnswer& answer);

// {"object":"list","data":[...]}.
std::string ModelsJson();
// {"error":{...}}.
std::string OpenAiErrorJson(const absl::Status& status);
WebResponse OpenAiErrorResponse(const absl::Status& status);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_OPENAI_MESSAGES_H_
