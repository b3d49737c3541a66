// Routes for software that speaks OpenAI's protocol: /v1/chat/completions and /v1/models.
//
// Pure translation of openai_messages.h to one streamed answer. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_OPENAI_ROUTES_H_
#define POLICYKB_GENERATOR_GATEWAY_OPENAI_ROUTES_H_

#include <memory>
#include <string>

#include "generator/gateway/answer_text.h"
#include "generator/gateway/gateway_call.h"
#include "generator/gateway/http_message.h"
#include "generator/gateway/upstream.h"

namespace policykb {

// Replies to a route of kind kChat. `console_url` as in AnswerText.
void HandleChat(const std::shared_ptr<GatewayCall>& call, const WebRequest& request,
                CitationForm form, const std::string& console_url, Upstream& upstream);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_OPENAI_ROUTES_H_
