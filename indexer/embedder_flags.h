// Options of the command line that choose an embedder.
//
// Shared by the commands that build with one and those that try one. One thread.

#ifndef POLICYKB_INDEXER_EMBEDDER_FLAGS_H_
#define POLICYKB_INDEXER_EMBEDDER_FLAGS_H_

#include "core/embedding/open_embedder.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

// --embedder and all that goes with it. `choice` outlives the parsing.
void AddEmbedderOptions(CLI::App& command, EmbedderChoice& choice);

// --model and what says how a model's files are read.
void AddModelOptions(CLI::App& command, EmbedderChoice& choice);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EMBEDDER_FLAGS_H_
