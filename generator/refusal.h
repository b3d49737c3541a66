// Refusal: whether the passages found are enough to answer from, and what is said when they are
// not.
//
// Also the notices on text that is not in force. Not for searching. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_REFUSAL_H_
#define POLICYKB_GENERATOR_REFUSAL_H_

#include <optional>
#include <string>
#include <vector>

#include "generator/phrases.h"
#include "policykb/v1/generator_service.pb.h"

namespace policykb {

// Answers below this probability are refused unless configured otherwise (docs/grounding.md).
inline constexpr double kDefaultRefuseBelow = 0.35;
// From this share of it on, what is refused may be related.
inline constexpr double kRelatedShare = 0.5;

enum class AnswerDecision {
  kAnswer,
  kMayBeRelated,  // nothing is claimed, the nearest passages are shown as related
  kRefuse,
};

// What to do with what was found. A provision or document that the question names and that was
// found is always answered.
AnswerDecision DecideAnswer(const v1::SearchResponse& found, double refuse_below);

// The nearest passages, at most 3, each with its first sentence as quote.
std::vector<v1::Citation> NearestPassages(const v1::SearchResponse& found);

// True when text that is not in force any more answers best what nothing in force does: `all` is
// found for the same question with text not in force.
bool IsAnsweredByRepealedText(const v1::SearchResponse& all, double refuse_below);

// A search for the telephone numbers of the guides among the nearest passages, on the day and for
// the filter of `request`; nullopt when there is no guide among them.
std::optional<v1::SearchRequest> ContactRequest(const v1::SearchResponse& found,
                                                const v1::SearchRequest& request);

// The first telephone number of a guide among the hits.
std::optional<Contact> FindContact(const v1::SearchResponse& contacts);

// Titles of the documents of `related`, each once.
std::vector<std::string> TitlesOf(const std::vector<v1::Citation>& related);

// One notice for each document that the question names and that is not in force, and for each
// document among `cited` that is not, with its successors; a title is taken from the hits.
std::vector<v1::Notice> NotInForceNotices(const v1::SearchResponse& found,
                                          const std::vector<v1::Citation>& cited,
                                          Language language);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_REFUSAL_H_
