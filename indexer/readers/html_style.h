// What an HTML element says of itself by its name, its attributes and its style.
//
// Only what changes the text a reader sees. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_HTML_STYLE_H_
#define POLICYKB_INDEXER_READERS_HTML_STYLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "indexer/readers/html_tree.h"

namespace policykb {

// A heading's level, 0 for other elements.
uint8_t HtmlHeadingLevel(const HtmlNode& node);

// Elements that begin and end a block.
bool IsHtmlBlock(const HtmlNode& node);

// Elements whose words are no text of the page, wherever they stand: scripts, menus, controls.
bool IsHtmlApparatus(const HtmlNode& node);

bool IsHiddenHtml(const HtmlNode& node);

// True and false where the element says so, nullopt where what is around it counts.
std::optional<bool> IsCentred(const HtmlNode& node);
std::optional<bool> IsEmphasised(const HtmlNode& node);  // bold or large

// The number of an attribute, `otherwise` when it has none or none in [least, most].
int64_t HtmlNumber(const HtmlNode& node, std::string_view key, int64_t least, int64_t most,
                   int64_t otherwise);

// Marks of lists. `list` is the <ul> or <ol>, or null for an entry without one; `number` counts.
// Empty where the list is set without marks.
std::string ListMark(const HtmlNode* list, int64_t number);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_HTML_STYLE_H_
