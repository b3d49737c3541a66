// Fixed phrases of answers, in the language of the question.
//
// For refusals and notices. Not for prompts (prompt.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_PHRASES_H_
#define POLICYKB_GENERATOR_PHRASES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

enum class Language { kChinese, kEnglish };

// English for text in Latin letters without a Han character; Chinese for everything else.
Language DetectLanguage(std::string_view text);

// Who can be asked: a guide and the telephone number that stands in it.
struct Contact {
  std::string title;
  std::string phone;
};

// Nothing was found, or what was found is too far from the question.
std::string_view NoSupportPhrase(Language language);
// What was found may be about the question, but is not sure to answer it.
std::string_view MayBeRelatedPhrase(Language language);
// Only text that is not in force any more answers.
std::string_view RepealedOnlyPhrase(Language language);
// Sentences were cited from a passage that does not bear them.
std::string_view CitationsMovedPhrase(Language language);
// One of the first three with the nearest documents and whom to ask, where there are any.
std::string WithNearest(Language language, std::string_view phrase,
                        const std::vector<std::string>& titles,
                        const std::optional<Contact>& contact);
// The model failed before any sentence was sent.
std::string_view ModelFailedPhrase(Language language);
// The model broke off behind sentences that were sent.
std::string_view ModelBrokeOffPhrase(Language language);
std::string_view SentencesDroppedPhrase(Language language);
std::string_view CrossLanguagePhrase(Language language);
// The passages were found without comparing meanings.
std::string_view FoundByWordsAlonePhrase(Language language);

// What is known of a document that is not in force.
struct NotInForcePhraseParts {
  std::string_view title;
  std::string_view valid_from;  // YYYY-MM-DD or empty
  std::string_view valid_to;    // YYYY-MM-DD or empty
  bool not_yet = false;         // begins later; else has ended
  std::string successors;       // titles or names for people; empty when none is known
};
std::string NotInForcePhrase(Language language, const NotInForcePhraseParts& parts);

// Titles as a list for people.
std::string JoinTitles(Language language, std::string_view so_far, std::string_view next);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PHRASES_H_
