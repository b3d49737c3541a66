// Which units of a question set the passages of a snapshot are.
//
// For names that come without their passage, as in run files, and for counting the gold units that
// exist. Reads columns, and records where units are articles of files; any thread.

#ifndef POLICYKB_TOOLS_SNAPSHOT_UNITS_H_
#define POLICYKB_TOOLS_SNAPSHOT_UNITS_H_

#include <map>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "tools/question_set.h"

namespace policykb {

// Units by the name of a provision, ProvisionUnit of its passages; as QuestionSet::UnitsOf.
std::map<std::string, std::vector<std::string>> UnitsByProvision(const Snapshot& snapshot,
                                                                 const QuestionSet& questions);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_SNAPSHOT_UNITS_H_
