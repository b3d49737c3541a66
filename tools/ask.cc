#include "tools/ask.h"
namespace policykb { absl::Status RunAsk(const Target&, const AskOptions&, OutputForm) { return absl::UnimplementedError("ask"); } }
