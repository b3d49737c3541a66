// HtmlTree: the elements and words of an HTML page, as a browser would nest them. The wall around
// libxml2.
//
// Not for what they mean to a reader (html.cc). Nothing is loaded, no entity is expanded but those
// of HTML, depth and number of elements are limited, and scripts, styles, comments and attributes
// that say nothing about the text are not kept. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_HTML_TREE_H_
#define POLICYKB_INDEXER_READERS_HTML_TREE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct HtmlNode {
  std::string name;   // of an element, lower case; empty for words
  std::string text;   // words with entities decoded
  uint32_t line = 0;  // of the page, from 1: where the start tag or the words end
  uint32_t end = 0;   // index behind the last node inside
  std::vector<std::pair<std::string, std::string>> attributes;

  bool is_text() const { return name.empty(); }
  // nullopt when it has none of that name.
  std::optional<std::string_view> Attribute(std::string_view key) const;
};

// In order of the page, each element before what is in it.
using HtmlTree = std::vector<HtmlNode>;

inline constexpr int kMaxHtmlDepth = 512;
inline constexpr size_t kMaxHtmlNodes = 2'000'000;  // and tags, closing ones too
inline constexpr size_t kMaxHtmlAttributes = 128;   // of one tag

// REQUIRES: `page` is UTF-8 without NUL. Errors: InvalidArgument with the line (elements nested too
// deeply, too many, a tag with too many attributes).
absl::StatusOr<HtmlTree> ParseHtml(std::string_view page);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_HTML_TREE_H_
