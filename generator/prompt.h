// Prompt: the messages that a question and its passages make.
//
// Fixed instructions come first (a server may keep them in its prefix cache), earlier turns next,
// then the passages as numbered, delimited data, and the question last. Inside data no '<' and no
// '>' is left, so no passage, title or question can close its delimiter or open another, and the
// delimiters bear a random mark that no text can know. Not for reading the reply. Pure functions,
// any thread.

#ifndef POLICYKB_GENERATOR_PROMPT_H_
#define POLICYKB_GENERATOR_PROMPT_H_

#include <string>
#include <string_view>
#include <vector>

#include "generator/chat_model.h"
#include "generator/phrases.h"
#include "generator/prompt_templates.h"
#include "generator/token_estimate.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

struct PromptBudget {
  size_t max_tokens = 8000;  // of the whole prompt, by MostTokens
  TokenFamily family = TokenFamily::kUnknown;
};

struct Prompt {
  std::vector<ChatMessage> messages;
  size_t passages = 0;  // how many of the hits it holds, from the first; the number of a passage is
                        // its place from 1
};

// The prompt for `spec.question` within the budget. Instructions and question are always whole;
// earlier turns get up to a quarter of the rest, the latest first; then as many of `found`'s hits,
// best first, as fit. The first hit is always there, cut at a character where it alone is too long
// and keeping a quarter of the budget however long the question is. What callers wrote counts by
// bytes. `boundary` is the random mark, letters and digits.
Prompt BuildPrompt(const PromptTemplates& templates, const v1::AnswerSpec& spec,
                   const v1::SearchResponse& found, Language language, const PromptBudget& budget,
                   std::string_view boundary);

// The prompt that has a follow-up question made one of its own.
std::vector<ChatMessage> BuildRewritePrompt(const PromptTemplates& templates,
                                            const v1::AnswerSpec& spec, Language language);
// The prompt that has a hypothetical passage written.
std::vector<ChatMessage> BuildPassagePrompt(const PromptTemplates& templates,
                                            const v1::AnswerSpec& spec, Language language);

// `text` with every angle bracket, half or full width, made a CJK angle bracket.
std::string NeutralizeDelimiters(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PROMPT_H_
