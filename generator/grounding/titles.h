// Titles that a claim names, and whether a passage is of that document or names it.
//
// A passage of the Social Insurance Law is none of the Insurance Law. Text is as NormalizeForMatch
// gives it. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_TITLES_H_
#define POLICYKB_GENERATOR_GROUNDING_TITLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

struct NamedTitle {
  std::string title = {};  // as PlainTitle gives it
  Span span;               // in the text, with the book marks
};

// Titles between book marks, the outer ones where they are nested.
std::vector<NamedTitle> FindTitles(std::string_view normalized);

// A title without the state's name, inner marks, white space and a bracketed remark at its end.
std::string PlainTitle(std::string_view title);

// True when `named` means the document with that title: the same, the same without the region or
// issuer before it, or six characters or more of it in their order from the first to the last.
// Both are plain titles.
bool MeansTitle(std::string_view named, std::string_view title);

// True when `text` names the title: between marks, or without them but not as the tail of a longer
// word. `named` is a plain title.
bool NamesTitle(std::string_view text, std::string_view named);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_TITLES_H_
