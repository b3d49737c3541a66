// CorpusEmbedder: the default embedder, trained on the corpus itself, nothing downloaded.
//
// A static table of piece vectors: a text's vector is the normalised sum over its SentencePiece pieces of
// (1 + ln tf) * weight * row. The first training method is latent semantic projection: rows are the right singular
// vectors of the piece-by-passage matrix, weights the idf (Deerwester et al. 1990, "folding in"). Another method may fill
// the same table. Const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"

namespace policykb {

struct CorpusEmbedderOptions {
  int dimension = 256;             // less when the corpus has lower rank; a multiple of 64
  int vocabulary = 24000;          // pieces at the most
  int training_sentences = 60000;  // sentences shown to the piece trainer at the most
  uint64_t seed = 20240501;
};

// Files that training writes into its folder and Open reads.
inline constexpr std::string_view kCorpusEmbedderPieces = "pieces.model";
inline constexpr std::string_view kCorpusEmbedderTable = "table.bin";

// Trains on `passages` (title and headings included where they should count) and writes the two files into the existing
// folder. Same passages, options and machine type: same bytes. `progress` gets a fraction in [0,1] now and then; may be
// empty. Errors: InvalidArgument (no text at all), ResourceExhausted, PermissionDenied.
absl::Status TrainCorpusEmbedder(std::span<const std::string_view> passages, const CorpusEmbedderOptions& options,
                                 const std::string& folder, const std::function<void(double)>& progress);

// Opens what training wrote. Errors: NotFound, DataLoss (checksum, grammar, piece model that does not fit the table).
absl::StatusOr<std::unique_ptr<Embedder>> OpenCorpusEmbedder(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_
