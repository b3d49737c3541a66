// FindArticleStarts: which lines begin an article.
//
// Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_ARTICLE_STARTS_H_
#define POLICYKB_INDEXER_STRUCTURE_ARTICLE_STARTS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/text/provision_reference.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/remark.h"

namespace policykb {

struct ArticleStart {
  size_t line = 0;
  ArticleNumber article;
  size_t label_size = 0;  // bytes of the label
  bool english = false;
};

struct ArticleStarts {
  std::vector<ArticleStart> starts;  // in order of the lines
  std::vector<Remark> remarks;       // where the numbering is not 1, 2, 3, ...
};

// Article labels at line starts from `first_line` on that are no references: nothing that makes
// them one follows, and the numbering goes on with them (or begins again, as in an annex).
ArticleStarts FindArticleStarts(std::string_view text, const std::vector<TextLine>& lines,
                                size_t first_line);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_ARTICLE_STARTS_H_
