// What a snapshot keeps of the embedder it was built with: kind and settings, as a small JSON file.
//
// Twins EncodeEmbedderDescription/DecodeEmbedderDescription (FORMAT.md "Embedder description"). The
// file stands beside the model's own files; a corpus embedder has none. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_EMBEDDER_DESCRIPTION_H_
#define POLICYKB_CORE_EMBEDDING_EMBEDDER_DESCRIPTION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/embedding/tokenizer/tokenizer_json.h"
#include "core/embedding/transformer/model_config.h"
#include "core/embedding/transformer/packed_matrix.h"

namespace policykb {

inline constexpr std::string_view kEmbedderDescriptionFile = "embedder.json";
inline constexpr uint32_t kEmbedderDescriptionVersion = 1;

enum class EmbedderKind : uint8_t { kCorpus, kTransformer, kStatic, kHttp };

// "corpus", "transformer", "static", "http"
std::string_view NameOf(EmbedderKind kind);

// Settings as they were resolved when the snapshot was built; of other kinds they are left at their
// defaults.
struct EmbedderDescription {
  EmbedderKind kind = EmbedderKind::kTransformer;
  std::string query_prefix = {};    // transformer, http
  std::string passage_prefix = {};  // transformer, http
  uint32_t most_tokens = 0;         // transformer, static
  Casing casing = Casing::kAsModel;
  Pooling pooling = Pooling::kMean;       // transformer
  Precision precision = Precision::kF32;  // transformer
  std::string url = {};                   // http
  std::string model = {};                 // http: the name that the server knows
  uint32_t dimension = 0;                 // http
  std::string key_file = {};              // http: path, empty for none

  friend bool operator==(const EmbedderDescription&, const EmbedderDescription&) = default;
};

std::string EncodeEmbedderDescription(const EmbedderDescription& description);

// Errors: FailedPrecondition (version), DataLoss (grammar, an unknown kind or value).
absl::StatusOr<EmbedderDescription> DecodeEmbedderDescription(std::string_view json);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_EMBEDDER_DESCRIPTION_H_
