// Options of the command line that say how answers are made.
//
// Shared by the service and by who answers in process. One thread.

#ifndef POLICYKB_GENERATOR_ANSWER_FLAGS_H_
#define POLICYKB_GENERATOR_ANSWER_FLAGS_H_

#include "generator/answer_settings.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

// --model-url and all that goes with a model, prompts, grounding, refusal and time. `settings`
// outlives the parsing.
void AddAnswerOptions(CLI::App& command, AnswerSettings& settings);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ANSWER_FLAGS_H_
