// CutPassages: the provisions of a document -> passages.
//
// One article or section is one passage where it fits, else contiguous pieces cut between lines or
// sentences; a piece that begins inside a table has the table's header as the last of its headings.
// Every line that an outline gave an owner is in exactly one passage. Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PASSAGES_H_
#define POLICYKB_INDEXER_STRUCTURE_PASSAGES_H_

#include <cstddef>
#include <vector>

#include "core/snapshot/records.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/outline.h"

namespace policykb {

// About 600 Chinese characters: what a reader takes in at once and an embedder still represents.
inline constexpr size_t kMaxPassageBytes = 1800;
// A sentence longer than this is cut at its commas or, without any, between characters.
inline constexpr size_t kMaxSentenceBytes = 7200;

// Neighbouring sections of a guide of at most kShortSectionBytes each are joined to passages of at
// most kMaxJoinedBytes, but for those that every guide has (fees, documents needed): people ask for
// them.
inline constexpr size_t kShortSectionBytes = 60;
inline constexpr size_t kMaxJoinedBytes = 300;

enum class ShortSections { kKeep, kJoin };

// REQUIRES: `document` has its id, title, language, text and provisions; `owner` is of the same
// outline.
std::vector<Passage> CutPassages(const Document& document, const std::vector<TextLine>& lines,
                                 const std::vector<int32_t>& owner, ShortSections short_sections);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PASSAGES_H_
