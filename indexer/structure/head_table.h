// The table at the head of a published page: index number, issuer, dates, title, document number.
//
// It says what the document is and is no policy text: it is taken out of the canonical text, as
// front matter is, and fills the document's fields (metadata.h). Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_HEAD_TABLE_H_
#define POLICYKB_INDEXER_STRUCTURE_HEAD_TABLE_H_

#include <string>
#include <vector>

#include "indexer/readers/reader.h"

namespace policykb {

struct HeadField {
  std::string label;  // as ReadHeaderField knows it: no blanks, no colon
  std::string value;
};

// The fields of the head table among the first blocks, which are taken out of `source`; none when
// there are fewer than two fields that ReadHeaderField knows.
std::vector<HeadField> TakeHeadTable(CanonicalText& source);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_HEAD_TABLE_H_
