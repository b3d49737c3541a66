// CitationList: the citations of one answer, numbered from 1 in order of first use.
//
// Makes every quote from the bytes of a passage and its span from where they stand, so that a quote
// is exact by construction. Not for deciding what supports what. One thread at a time.

#ifndef POLICYKB_GENERATOR_CITATION_H_
#define POLICYKB_GENERATOR_CITATION_H_

#include <cstdint>
#include <vector>

#include "core/base/span.h"
#include "policykb/v1/passage.pb.h"

namespace policykb {

// The citation of bytes of a passage, without a number. REQUIRES: span.end <=
// passage.text().size().
v1::Citation MakeCitation(const v1::Passage& passage, Span span);

class CitationList {
 public:
  // Number of the citation of that span; the same passage and span have one number. REQUIRES: as
  // MakeCitation.
  int32_t Add(const v1::Passage& passage, Span span);

  const std::vector<v1::Citation>& all() const { return citations_; }

 private:
  std::vector<v1::Citation> citations_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_CITATION_H_
