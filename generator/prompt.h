// Prompt: the messages that a question and its passages make.
//
// Fixed instructions come first (a server may keep them in its prefix cache), earlier turns next,
// then the passages as numbered, delimited data, and the question last. Inside data no '<' and no
// '>' is left, so no passage, title or question can close its delimiter or open another. Not for
// reading the reply. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_PROMPT_H_
#define POLICYKB_GENERATOR_PROMPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "generator/chat_model.h"
#include "generator/phrases.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

struct Prompt {
  std::vector<ChatMessage> messages;
  size_t passages = 0;  // how many of the hits it holds, from the first; the number of a passage is
                        // its place from 1
};

// The prompt for `spec.question` with as many of `hits`, best first, as fit into
// `max_passage_chars` characters. The first hit is always there, cut at a character when it alone
// is too long.
Prompt BuildPrompt(const v1::AnswerSpec& spec, const v1::SearchResponse& found, Language language,
                   size_t max_passage_chars);

// `text` with every angle bracket, half or full width, made a CJK angle bracket.
std::string NeutralizeDelimiters(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PROMPT_H_
