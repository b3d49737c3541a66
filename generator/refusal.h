// Refusal: whether the passages found are enough to answer from, and what is said when they are
// not.
//
// Also the notices on text that is not in force. Not for searching. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_REFUSAL_H_
#define POLICYKB_GENERATOR_REFUSAL_H_

#include <vector>

#include "generator/phrases.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// Answers below this probability are refused unless configured otherwise.
inline constexpr double kDefaultRefuseBelow = 0.4;

// True when there is nothing to answer from, or it is too unlikely to answer the question. A
// provision or document that the question names and that was found is never refused.
bool ShouldRefuse(const v1::SearchResponse& found, double refuse_below);

// The nearest passages, at most 3, each with its first sentence as quote.
std::vector<v1::Citation> NearestPassages(const v1::SearchResponse& found);

// One notice for each document that the question names and that is not in force, and for each
// document among `cited` that is not, with its successors.
std::vector<v1::Notice> NotInForceNotices(const v1::SearchResponse& found,
                                          const std::vector<v1::Citation>& cited,
                                          Language language);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_REFUSAL_H_
