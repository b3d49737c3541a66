// Search query of a question: the question itself, or, for a follow-up such as "and how much is
// it?", together with the question before it, or what a model made of it.
//
// Not for the prompt. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_SEARCH_QUERY_H_
#define POLICYKB_GENERATOR_SEARCH_QUERY_H_

#include <string>
#include <string_view>

#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// Longest question and query in bytes, as the services document it.
inline constexpr size_t kMaxQuestionBytes = 8192;

// REQUIRES: the question is UTF-8 of at most kMaxQuestionBytes. The result is as well.
// `rewritten` is the question as a model made it one of its own, `hypothetical` a passage that it
// wrote to search with; either may be empty.
std::string SearchQuery(const v1::AnswerSpec& spec, std::string_view rewritten = {},
                        std::string_view hypothetical = {});

// What a model says as one line of text: white space and control characters become single spaces,
// malformed bytes go.
std::string OneLineOf(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_SEARCH_QUERY_H_
