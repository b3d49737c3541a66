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
  // Behind the day and a remark such as "(ci jian gong kai fa bu)".
  size_t end = 0;
  // Behind the lines of the title of the text that follows, `end` where none does.
  size_t title_end = 0;
};

// In order. Lines before `header_lines` are not looked at.
std::vector<Signature> FindSignatures(std::string_view text, const std::vector<TextLine>& lines,
                                      size_t header_lines);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_SIGNATURE_H_
