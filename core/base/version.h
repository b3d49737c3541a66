// The version of the programs, which CMakeLists.txt has.
//
// Not of files: snapshots have a format of their own (FORMAT.md). Any thread.

#ifndef POLICYKB_CORE_BASE_VERSION_H_
#define POLICYKB_CORE_BASE_VERSION_H_

#include <string>
#include <string_view>

namespace policykb {

// "1.2.3".
std::string_view ProgramVersion();
// What a program says to --version: "policykb-indexer 1.2.3".
std::string VersionLine(std::string_view program);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_VERSION_H_
