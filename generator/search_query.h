// Search query of a question: the question itself, or, for a follow-up such as "and how much is
// it?", together with the question before it.
//
// Not for the prompt. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_SEARCH_QUERY_H_
#define POLICYKB_GENERATOR_SEARCH_QUERY_H_

#include <string>

#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// Longest question and query in bytes, as the services document it.
inline constexpr size_t kMaxQuestionBytes = 8192;

// REQUIRES: the question is UTF-8 of at most kMaxQuestionBytes. The result is as well.
std::string SearchQuery(const v1::AnswerSpec& spec);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_SEARCH_QUERY_H_
