// policykb ask: one question, answered by a running generator or in process.
//
// One call at a time.

#ifndef POLICYKB_TOOLS_ASK_H_
#define POLICYKB_TOOLS_ASK_H_

#include <string>

#include "absl/status/status.h"
#include "generator/answer_settings.h"
#include "policykb/v1/generator_service.pb.h"
#include "tools/commands.h"

namespace policykb {

struct AskOptions {
  v1::AnswerSpec spec;
  std::string generator;    // host:port; empty answers in process
  AnswerSettings settings;  // in process only; a generator has its own
};

// Prints the answer. Errors: InvalidArgument, as GeneratorService.GenerateAnswer.
absl::Status RunAsk(const Target& target, const AskOptions& options, OutputForm form);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_ASK_H_
