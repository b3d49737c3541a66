// OpenEmbedder and PrepareEmbedder: any kind of embedder from the folder that a snapshot keeps of
// it, and that folder from what an operator chose.
//
// A snapshot holds copies of a model's files, so that it stays what it was whatever happens to the
// folder they came from. What is opened is const, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_OPEN_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_OPEN_EMBEDDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"
#include "core/embedding/embedder_description.h"
#include "core/embedding/http_embedder.h"
#include "core/embedding/transformer/transformer_model.h"

namespace policykb {

// What an operator says of an embedder that is not trained here.
struct EmbedderChoice {
  EmbedderKind kind = EmbedderKind::kCorpus;
  std::string model;  // transformer, static: folder; http: the name that the server knows
  TransformerOptions transformer;  // casing and most_tokens for static as well, prefixes for http
  std::string url;                 // http
  std::string key_file;            // http; may be empty
};

// The embedder of a snapshot: by its description, and where there is none the corpus embedder.
// Errors: as OpenCorpusEmbedder, TransformerModel::Open, OpenStaticEmbedder, OpenHttpEmbedder,
// DecodeEmbedderDescription.
absl::StatusOr<std::unique_ptr<Embedder>> OpenEmbedder(const std::string& folder);

// An embedder that was chosen, opened where its files are.
struct PreparedEmbedder {
  std::unique_ptr<Embedder> embedder;
  EmbedderDescription description;
  std::string source;              // folder of the files; empty for http
  std::vector<std::string> files;  // their names
};

// Errors: InvalidArgument (what the kind needs is not said; corpus, which is trained),
// FailedPrecondition (a dimension that is not a multiple of 64), and those of opening.
absl::StatusOr<PreparedEmbedder> PrepareEmbedder(const EmbedderChoice& choice);

// How files come into a snapshot: those of an operator are copied, those of another snapshot, which
// nobody edits, get a second name.
enum class FileKeeping : uint8_t { kCopy, kLink };

// Writes what OpenEmbedder reads into the existing, empty folder: the description and the files.
// Errors: as WriteNewFile, LinkFile and MappedFile::Open.
absl::Status KeepEmbedder(const PreparedEmbedder& prepared, FileKeeping keeping,
                          const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_OPEN_EMBEDDER_H_
