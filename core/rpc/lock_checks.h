// Lock checks: whether the mutexes of this process look for deadlocks as they are locked.
//
// The system's abseil is a build that does: each lock of its mutexes, gRPC's among them, is entered
// in a graph of what was held meanwhile, behind one lock of the whole process. Worth its time in
// tests, not in what is shipped. Any thread.

#ifndef POLICYKB_CORE_RPC_LOCK_CHECKS_H_
#define POLICYKB_CORE_RPC_LOCK_CHECKS_H_

namespace policykb {

// Ends them in programs that are compiled without assertions; in others they go on.
void EndLockChecks();

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_LOCK_CHECKS_H_
