// Provision references in running text and queries.
//
// Recognises what names a provision; resolving it against a knowledge base is the retriever's work.
// Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_PROVISION_REFERENCE_H_
#define POLICYKB_CORE_TEXT_PROVISION_REFERENCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

// Number of an article: 120 with suffix 1 is di yi bai er shi tiao zhi yi.
struct ArticleNumber {
  int64_t number = 0;
  int64_t suffix = 0;  // the number behind "zhi"; 0 where there is none
  friend auto operator<=>(const ArticleNumber&, const ArticleNumber&) = default;
};

struct ArticleLabelPrefix {
  ArticleNumber article;
  size_t size = 0;  // bytes read
};

// Reads "di N tiao", "di N tiao zhi M", "Article N", "Art. N", "Section N", "section sign N"
// (case-insensitive) at the beginning of `text`.
std::optional<ArticleLabelPrefix> ConsumeArticleLabel(std::string_view text);

// Canonical address of an article: art2, art120-1.
std::string ArticleAddress(ArticleNumber article);

// What a text names: a document by title or not at all, and a place in it.
struct ProvisionReference {
  // As written, without book marks; empty when only a place is named ("this law" names none). A
  // place that follows another one in a list ("article 38, article 46") has the title of the first.
  std::string title;
  std::optional<ArticleNumber> article;
  std::optional<int64_t> paragraph;
  std::optional<int64_t> item;
  Span span;  // of the whole reference in the text
  // The title stood in book marks: it is the whole title and nothing else.
  bool in_marks = false;
};

// References with an article number, in order: book-marked or bare title before the number ("xing
// zheng xu ke fa di si shi er tiao", "lao dong fa 38 tiao di yi kuan", "Article 12 of the Labour
// Law", "Labour Law Article 12"). A bare title is the longest run of title characters before the
// number that ends in a word for a legal text (fa, tiao li, ban fa, gui ding, xi ze, jie shi, jue
// ding, tong zhi, ...); question words and connectives before it are left out.
std::vector<ProvisionReference> FindProvisionReferences(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_PROVISION_REFERENCE_H_
