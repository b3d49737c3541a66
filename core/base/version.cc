#include "core/base/version.h"

#include "core/base/strings.h"

namespace policykb {

std::string_view ProgramVersion() { return POLICYKB_VERSION; }

std::string VersionLine(std::string_view program) { return Cat(program, " ", ProgramVersion()); }

}  // namespace policykb
