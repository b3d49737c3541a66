#include "core/embedding/open_embedder.h"

#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/corpus_embedder.h"
#include "core/embedding/static_embedder.h"
#include "core/embedding/transformer/transformer_embedder.h"

namespace policykb {

namespace {

constexpr uint64_t kMostDescriptionBytes = 1 << 20;
// Vectors are stored in blocks of as many components.
constexpr int kDimensionStep = 64;
constexpr uint32_t kStaticTokens = 512;

absl::StatusOr<HttpEmbedderOptions> HttpOptions(const EmbedderDescription& description) {
  HttpEmbedderOptions options;
  options.url = description.url;
  options.model = description.model;
  options.dimension = description.dimension;
  options.query_prefix = description.query_prefix;
  options.passage_prefix = description.passage_prefix;
  ASSIGN_OR_RETURN(options.key, ReadEmbeddingKey(description.key_file));
  return options;
}

absl::StatusOr<std::unique_ptr<Embedder>> OpenDescribed(const EmbedderDescription& description,
                                                        const std::string& folder) {
  if (description.kind == EmbedderKind::kHttp) {
    ASSIGN_OR_RETURN(const HttpEmbedderOptions options, HttpOptions(description));
    return OpenHttpEmbedder(options);
  }
  if (description.kind == EmbedderKind::kStatic) {
    return OpenStaticEmbedder(
        folder, {.casing = description.casing, .most_tokens = description.most_tokens});
  }
  TransformerOptions options;
  options.precision = description.precision;
  options.casing = description.casing;
  options.query_prefix = description.query_prefix;
  options.passage_prefix = description.passage_prefix;
  options.most_tokens = description.most_tokens;
  ASSIGN_OR_RETURN(std::unique_ptr<TransformerEmbedder> embedder,
                   TransformerEmbedder::Open(folder, options, description.pooling));
  return std::unique_ptr<Embedder>(std::move(embedder));
}

absl::Status CheckDimension(const Embedder& embedder) {
  if (embedder.dimension() % kDimensionStep == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat("the model makes vectors of ", embedder.dimension(),
                                           " components, a multiple of ", kDimensionStep,
                                           " expected"));
}

absl::StatusOr<PreparedEmbedder> PrepareTransformer(const EmbedderChoice& choice) {
  ASSIGN_OR_RETURN(std::unique_ptr<TransformerEmbedder> embedder,
                   TransformerEmbedder::Open(choice.model, choice.transformer));
  const TransformerModel& model = embedder->model();
  PreparedEmbedder prepared;
  prepared.description.kind = EmbedderKind::kTransformer;
  prepared.description.query_prefix = model.config().query_prefix;
  prepared.description.passage_prefix = model.config().passage_prefix;
  prepared.description.most_tokens = static_cast<uint32_t>(model.config().most_tokens);
  prepared.description.casing = choice.transformer.casing;
  prepared.description.pooling = model.config().pooling;
  prepared.description.precision = model.precision();
  prepared.source = choice.model;
  prepared.files = TransformerFiles(choice.model);
  prepared.embedder = std::move(embedder);
  return prepared;
}

absl::StatusOr<PreparedEmbedder> PrepareStatic(const EmbedderChoice& choice) {
  PreparedEmbedder prepared;
  prepared.description.kind = EmbedderKind::kStatic;
  prepared.description.casing = choice.transformer.casing;
  const size_t limit = choice.transformer.most_tokens;
  prepared.description.most_tokens = limit > 0 ? static_cast<uint32_t>(limit) : kStaticTokens;
  prepared.source = choice.model;
  prepared.files = StaticEmbedderFiles(choice.model);
  ASSIGN_OR_RETURN(prepared.embedder, OpenDescribed(prepared.description, choice.model));
  return prepared;
}

absl::StatusOr<PreparedEmbedder> PrepareHttp(const EmbedderChoice& choice) {
  PreparedEmbedder prepared;
  EmbedderDescription& description = prepared.description;
  description.kind = EmbedderKind::kHttp;
  description.url = choice.url;
  description.model = choice.model;
  description.key_file = choice.key_file;
  description.query_prefix = choice.transformer.query_prefix.value_or("");
  description.passage_prefix = choice.transformer.passage_prefix.value_or("");
  ASSIGN_OR_RETURN(const HttpEmbedderOptions options, HttpOptions(description));
  ASSIGN_OR_RETURN(const size_t dimension, AskDimension(options));
  description.dimension = static_cast<uint32_t>(dimension);
  ASSIGN_OR_RETURN(prepared.embedder, OpenDescribed(description, ""));
  return prepared;
}

absl::StatusOr<PreparedEmbedder> Prepare(const EmbedderChoice& choice) {
  switch (choice.kind) {
    case EmbedderKind::kTransformer:
      return PrepareTransformer(choice);
    case EmbedderKind::kStatic:
      return PrepareStatic(choice);
    case EmbedderKind::kHttp:
      return PrepareHttp(choice);
    case EmbedderKind::kCorpus:
      break;
  }
  return absl::InvalidArgumentError("the corpus embedder is trained, not opened");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> OpenEmbedder(const std::string& folder) {
  const std::string path = JoinPath(folder, kEmbedderDescriptionFile);
  if (!PathExists(path)) return OpenCorpusEmbedder(folder);
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path, kMostDescriptionBytes));
  ASSIGN_OR_RETURN_IN(const EmbedderDescription description, DecodeEmbedderDescription(json), path);
  return OpenDescribed(description, folder);
}

absl::StatusOr<PreparedEmbedder> PrepareEmbedder(const EmbedderChoice& choice) {
  if (choice.model.empty()) {
    return absl::InvalidArgumentError(
        Cat("an embedder of kind ", NameOf(choice.kind), " needs a model"));
  }
  ASSIGN_OR_RETURN(PreparedEmbedder prepared, Prepare(choice));
  RETURN_IF_ERROR(CheckDimension(*prepared.embedder));
  return prepared;
}

absl::Status KeepEmbedder(const PreparedEmbedder& prepared, FileKeeping keeping,
                          const std::string& folder) {
  for (const std::string& name : prepared.files) {
    const std::string from = JoinPath(prepared.source, name);
    const std::string to = JoinPath(folder, name);
    if (keeping == FileKeeping::kLink) {
      RETURN_IF_ERROR(LinkFile(from, to));
      continue;
    }
    ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(from));
    RETURN_IF_ERROR(WriteNewFile(to, file.bytes()));
  }
  return WriteNewFile(JoinPath(folder, kEmbedderDescriptionFile),
                      EncodeEmbedderDescription(prepared.description));
}

}  // namespace policykb
