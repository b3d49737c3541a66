// Validity and labels of single provisions -> the passages that hold their text.
//
// A passage that holds only a part of such a provision counts as a whole: a text that is no longer
// in force, or that not everyone may see, is never shown beside one that is. Pure functions, any
// thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PROVISION_SETTINGS_H_
#define POLICYKB_INDEXER_STRUCTURE_PROVISION_SETTINGS_H_

#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/records.h"
#include "indexer/structure/remark.h"
#include "indexer/structure/sidecar.h"

namespace policykb {

// Applies what a sidecar says of provisions. `document` has its provisions and labels. A label that
// the document does not allow is left out and named. Errors: InvalidArgument with the line (an
// address that the document does not have; no label left; validity that ends before it begins).
absl::Status ApplyProvisionSettings(const std::vector<ProvisionSettings>& settings,
                                    const Document& document, std::vector<Passage>& passages,
                                    std::vector<Remark>& remarks);

// Applies what the text says of its own provisions, where no sidecar gave them a validity.
void ApplyProvisionClauses(const Document& document, std::vector<Passage>& passages);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PROVISION_SETTINGS_H_
