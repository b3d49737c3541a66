// Answer kinds: what kind of thing a question wants to hear, and what kinds a passage has to say.
//
// "How much", "how long", "what shall I bring": the passage that answers such a question holds a
// sum, a period, a list of papers, though it may share few words with it. For ranking; the
// extractive answerer looks at single sentences (generator/asked_quantity.h). Chinese and English.
// Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_ANSWER_KIND_H_
#define POLICYKB_CORE_TEXT_ANSWER_KIND_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace policykb {

// A set of kinds, one bit each.
enum AnswerKind : uint8_t {
  kAnswersMoney = 1 << 0,       // a sum, a rate, that it is free
  kAnswersTime = 1 << 1,        // a period, a deadline, a day, opening hours
  kAnswersPlace = 1 << 2,       // an address, a counter, a web site
  kAnswersMaterials = 1 << 3,   // papers to bring
  kAnswersConditions = 1 << 4,  // who may, under which conditions
  kAnswersProcedure = 1 << 5,   // how it is done, step by step
  kAnswersContact = 1 << 6,     // a telephone number
  kAnswersPenalty = 1 << 7,     // what happens to whom who breaks a rule
};
using AnswerKinds = uint8_t;

// Kinds that the question asks for; none for a question of another form.
AnswerKinds AskedKinds(std::string_view question);

// Kinds that the text of a passage holds.
AnswerKinds HeldKinds(std::string_view text);

// Kinds that a passage is about by the innermost of its headings, as guides' sections have them.
AnswerKinds HeadedKinds(std::span<const std::string> heading_path);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_ANSWER_KIND_H_
