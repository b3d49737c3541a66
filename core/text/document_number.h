// Document numbers in running text and queries.
//
// Recognises them; resolving them against a knowledge base is the retriever's work. Pure function,
// any thread.

#ifndef POLICYKB_CORE_TEXT_DOCUMENT_NUMBER_H_
#define POLICYKB_CORE_TEXT_DOCUMENT_NUMBER_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

struct DocumentNumber {
  std::string normalized;  // brackets as U+3014 U+3015, ASCII digits, no space, e.g. X zheng fa
                           // [2023] 12 hao
  Span span;
};

// Document numbers of the form organ characters + bracketed year + serial + hao, every bracket and
// digit form, and numbered orders of an organ.
std::vector<DocumentNumber> FindDocumentNumbers(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_DOCUMENT_NUMBER_H_
