// StaticEmbedder: a table of token vectors, as model2vec and sentence-transformers store it.
//
// A text's vector is the mean of its tokens' rows times their weights, scaled to unit length
// (model2vec). Rows may be shared by tokens through a mapping. Const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_STATIC_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_STATIC_EMBEDDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"
#include "core/embedding/tokenizer/open_tokenizer.h"

namespace policykb {

struct StaticEmbedderOptions {
  Casing casing = Casing::kAsModel;
  size_t most_tokens = 512;  // of a text; model2vec's default
};

// Reads model.safetensors (embeddings, and weights and mapping where they are there) and the
// tokenizer of the folder. Errors: NotFound, DataLoss (grammar; a mapping that leads out of the
// table; a table of another size than the vocabulary), FailedPrecondition (tokenizer).
absl::StatusOr<std::unique_ptr<Embedder>> OpenStaticEmbedder(const std::string& folder,
                                                             const StaticEmbedderOptions& options);

// Names of the files of the folder that opening reads.
std::vector<std::string> StaticEmbedderFiles(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_STATIC_EMBEDDER_H_
