// Labels that say who may see a text, inherited downwards: a document's are among its collection's,
// a provision's among its document's.
//
// A text is seen by whoever holds one of its labels, so the label "public" allows every other one.
// Not for asking who holds a label (retriever). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_VISIBILITY_H_
#define POLICYKB_INDEXER_STRUCTURE_VISIBILITY_H_

#include <string>
#include <vector>

namespace policykb {

struct NarrowedLabels {
  std::vector<std::string> labels;   // of those asked for the ones allowed; may be empty
  std::vector<std::string> widened;  // the others
};

// `asked` below something that only the holders of a label of `bound` may see.
NarrowedLabels NarrowLabels(const std::vector<std::string>& asked,
                            const std::vector<std::string>& bound);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_VISIBILITY_H_
