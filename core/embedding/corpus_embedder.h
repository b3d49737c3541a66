// CorpusEmbedder: the default embedder, trained on the corpus itself, nothing downloaded.
//
// A static table of feature vectors: a text's vector is the normalised sum of (1 + ln tf) * weight
// * row over its features. Features are Han characters and their overlapping pairs, and
// SentencePiece pieces of everything else. Rows are trained by contrast over pairs taken from the
// documents' own structure (training_pairs.h, contrastive_training.h); weights are idf. Const after
// Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"

namespace policykb {

struct CorpusEmbedderOptions {
  int dimension = 256;             // a multiple of 64
  int vocabulary = 24000;          // pieces at the most
  int han_keys = 90000;            // Han characters and pairs at the most, the most frequent ones
  int training_steps = 500;        // of 1,024 pairs
  int training_sentences = 20000;  // passages shown to the piece trainer at the most
  uint64_t seed = 20240501;
};

// A passage to train on, in parts that belong together.
struct TrainingPassage {
  std::string_view context;  // title and headings; may be empty
  std::string_view text;
  std::vector<std::string_view> questions = {};  // known ones that it answers
};

// Files that training writes into its folder and Open reads.
inline constexpr std::string_view kCorpusEmbedderPieces = "pieces.model";
inline constexpr std::string_view kCorpusEmbedderTable = "table.bin";

// Trains on `passages` and writes the two files into the existing folder. Same passages, options
// and machine type: same bytes. `progress`
// gets a fraction in [0,1] now and then; may be empty. A large corpus is sampled evenly.
// pieces.model is empty when the text is Han only. Errors: InvalidArgument (no text at all,
// options), ResourceExhausted, PermissionDenied, Internal.
absl::Status TrainCorpusEmbedder(std::span<const TrainingPassage> passages,
                                 const CorpusEmbedderOptions& options, const std::string& folder,
                                 const std::function<void(double)>& progress);

// Opens what training wrote. Errors: NotFound, FailedPrecondition (version), DataLoss (checksum,
// grammar, piece model that does not fit the table).
absl::StatusOr<std::unique_ptr<Embedder>> OpenCorpusEmbedder(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_CORPUS_EMBEDDER_H_
