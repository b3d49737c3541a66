// Signatures: the organ and the day at the end of a notice, and the texts that stand behind it.
//
// A notice that issues a plan or rules is signed, and what it issues follows with a title of its
// own. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_SIGNATURE_H_
#define POLICYKB_INDEXER_STRUCTURE_SIGNATURE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/civil_date.h"
#include "indexer/structure/lines.h"

namespace policykb {

struct Signature {
  std::string issuer;  // empty where a person signs
  CivilDate date;
  // Where the list of annexes above it begins, `begin` where there is none.
  size_t annexes = 0;
  // The first line of the organ.
  size_t begin = 0;
  // Behind the day and a remark such as "(ci jian gong kai fa bu)".
  size_t end = 0;
  // Behind the lines of the title of the text that follows, `end` where none does; and behind that
  // text's table of contents.
  size_t title_end = 0, contents_end = 0;
};

// Index behind the lines that can be the title of a text which goes on behind them, `at` when there
// are none.
size_t TitleEnd(std::string_view text, const std::vector<TextLine>& lines, size_t at);

// In order. Lines before `header_lines` are not looked at.
std::vector<Signature> FindSignatures(std::string_view text, const std::vector<TextLine>& lines,
                                      size_t header_lines);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_SIGNATURE_H_
