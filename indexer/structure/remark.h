// Remark: what looked odd in a document, with its place; never fatal.
//
// Not for what makes a file unreadable (absl::Status). Plain values, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_REMARK_H_
#define POLICYKB_INDEXER_STRUCTURE_REMARK_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace policykb {

enum class RemarkKind : uint8_t {
  kNumbersLeftOut,      // an article's number is not the next one
  kNumberingGoesBack,   // an article's number is not above the one before
  kArticleTwice,        // a second article of one number in the same part of the text
  kNoPassage,           // headings only
  kEmptyPassage,        // a passage without words
  kLongPassage,         // a passage above the limit although it has places to cut
  kLongSentence,        // a passage above the usual size that is one sentence
  kForeignFrontMatter,  // front matter of another system, its keys ignored
  kFileName,            // does not match its collection's pattern
  kMetadataConflict,    // the text says something else than the metadata
  kWidenedVisibility,   // a label that the collection or document does not allow, left out
  kBadRow,              // a row of a list of service items that gives no document
};

struct Remark {
  RemarkKind kind = RemarkKind::kNumbersLeftOut;
  uint32_t line = 0;  // in the file, from 1; 0 for the file as a whole
  std::string what;   // without the line
};

// "line 3: ...", or only what it says for line 0.
std::string RemarkLine(const Remark& remark);

// True for what a build tells its user; false for what only a close look at the corpus asks for.
bool IsToldByBuild(RemarkKind kind);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_REMARK_H_
