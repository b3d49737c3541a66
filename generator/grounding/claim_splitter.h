// ClaimSplitter: streamed text -> claims with their citation marks.
//
// Gives out a sentence once what follows shows that it and its marks are whole: "...[1][2]" belongs
// to the sentence before. Marks are [1], [1,2], [1-3], [^1] and the same in lenticular or
// full-width brackets; (1) in round brackets is an enumerator and none. List marks and emphasis of
// Markdown are taken off; rules, and the line between header and rows of a table, are left out. Not
// for checking. One thread at a time.

#ifndef POLICYKB_GENERATOR_GROUNDING_CLAIM_SPLITTER_H_
#define POLICYKB_GENERATOR_GROUNDING_CLAIM_SPLITTER_H_

#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct Claim {
  std::string text = {};        // one sentence, without marks
  std::vector<int> marks = {};  // numbers cited, in order, distinct
};

class ClaimSplitter {
 public:
  // Claims that `delta` completes.
  std::vector<Claim> Add(std::string_view delta);
  // What is left, at the end of a whole text. Not to be called for one that was cut off.
  std::vector<Claim> Finish();

 private:
  std::vector<Claim> Take(bool at_end);

  std::string buffer_;
  bool skipping_ = false;  // inside a sentence too long to be one
};

struct CitationMark {
  std::vector<int> numbers = {};
  size_t size = 0;       // bytes; 0 when there is no mark
  bool partial = false;  // the text ends inside what may become a mark
};

// The mark at the beginning of `text`.
CitationMark ReadCitationMark(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_CLAIM_SPLITTER_H_
