// Settings of the allocator for programs that search.
//
// For main functions of programs, before they start threads.

#ifndef POLICYKB_CORE_BASE_MEMORY_H_
#define POLICYKB_CORE_BASE_MEMORY_H_

namespace policykb {

// Lets the program keep memory that it freed, up to some hundred MiB. A search over a million
// passages needs arrays of megabytes for a few milliseconds; handing them to the system and taking
// them anew, zeroed, costs half of its time. Does nothing where the C library is not glibc.
void KeepFreedMemory();

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_MEMORY_H_
