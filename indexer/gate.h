// GateJudge: asks `policykb gate` whether a snapshot may go live.
//
// Programs never include each other: the gate searches, so it lives in the program policykb, and
// the indexer runs that as a child. Any thread.

#ifndef POLICYKB_INDEXER_GATE_H_
#define POLICYKB_INDEXER_GATE_H_

#include <string>

#include "indexer/maintenance.h"

namespace policykb {

struct GateOptions {
  std::string kb;
  std::string gate;      // gate.toml
  std::string policykb;  // the program; empty: the one beside this program, else in PATH
};

// A judge that prints the report to standard output. Its errors: FailedPrecondition (refused),
// Unavailable (could not be judged), and those of RunChild.
Judge GateJudge(const GateOptions& options);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_GATE_H_
