// Titles of documents as they are compared, and the words that titles of legal texts end in.
//
// Not for finding titles in running text (provision_reference.h). Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_DOCUMENT_TITLE_H_
#define POLICYKB_CORE_TEXT_DOCUMENT_TITLE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace policykb {

// A title as it is compared: normalised, without book marks, white space, the state's name in front
// and a bracketed remark at the end (trial, revision date), but for a number, which is a part of
// the title.
std::string ComparableTitle(std::string_view title);

// The word for a legal text ("fa", "tiao li", "ban fa", ...) that the text ends in, the longest
// one; empty when it ends in none.
std::string_view LegalWordAtEnd(std::string_view text);

// How a name leaves characters of a title out.
enum class ShortForm : uint8_t {
  kNone,
  // As people do: the same word for a legal text at the end, before it the first character and
  // further ones in their order ("min su fa" for "min shi su song fa"), at least three characters
  // in all.
  kContraction,
  // The same, but what is before the word is one run of the title's characters: the name of another
  // matter as often as not ("shi pin fa" is not "shi pin an quan fa").
  kRun,
};

// REQUIRES: both comparable.
ShortForm ShortFormOf(std::string_view name, std::string_view title);

// What an English title is about, whatever the order of its words, as people turn it around
// ("shared bicycle measures" for "Measures of X City for the Administration of Shared Bicycles"):
// its words as the analyzer has them, sorted, without those that join and those that tell no matter
// from another (administration, management, city, the state's name) and the words of `region`.
// Equal for titles of one matter and one word for a legal text: "labour law" is not "labour
// contract law". Empty for a title with CJK characters, and when fewer than two words remain.
std::string EnglishTitleKey(std::string_view title, std::string_view region = {});

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_DOCUMENT_TITLE_H_
