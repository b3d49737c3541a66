// Memory of a process that does the same work again and again.
//
// Not for sharing memory out between parts of a program.

#ifndef POLICYKB_CORE_BASE_MEMORY_H_
#define POLICYKB_CORE_BASE_MEMORY_H_

namespace policykb {

// Lets the process keep what it frees for its next allocation, up to 256 MiB in each arena, where
// the allocator would give it back to the system and fetch it again, page by page, for every
// search. Once, before other threads run; does nothing where the allocator has no such setting.
void KeepFreedMemory();

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_MEMORY_H_
