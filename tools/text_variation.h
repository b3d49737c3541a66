// VaryDocument: a document's text with other names and numbers, for measuring on corpora larger
// than those at hand.
//
// Keeps structure, article numbers and the order of dates; changes places, the title, years,
// amounts and document numbers, each in the same way throughout a copy. Not for tests of quality:
// the text is not true of anything. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_TEXT_VARIATION_H_
#define POLICYKB_TOOLS_TEXT_VARIATION_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace policykb {

// True when the line opens an article: "di N tiao" or "Article N", behind Markdown marks or not.
bool OpensArticle(std::string_view line);

struct VariedDocument {
  std::string text;
  uint64_t articles = 0;  // lines that open one
};

// The copy of `text` that belongs to `key`. Copies of one text with numbers 1 to 4,800 have
// different titles and places, and every article of a copy differs from that of the original.
// An id in front matter gets "-" and the number behind it.
VariedDocument VaryDocument(std::string_view text, uint64_t key, uint64_t number);

// `text` with the last sentence of one of its articles replaced by one that names `round`; empty
// when it has no article. Which article depends on `round`.
std::string ChangeOneSentence(std::string_view text, uint64_t round);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_TEXT_VARIATION_H_
