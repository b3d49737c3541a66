#include "indexer/embed_documents.h"

#include <string>
#include <string_view>
#include <utility>

#include "core/base/status_macros.h"
#include "core/snapshot/segment.h"

namespace policykb {

absl::StatusOr<std::vector<CodedVectors>> EmbedTogether(
    std::span<const std::vector<Passage>* const> documents, VectorCache& cache) {
  std::vector<std::string> texts;
  for (const std::vector<Passage>* passages : documents) {
    for (const Passage& passage : *passages) texts.push_back(EmbeddingText(passage));
  }
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  ASSIGN_OR_RETURN(const CodedVectors all, cache.Vectors(views));
  const VectorCodes codes = all.View();
  std::vector<CodedVectors> vectors;
  size_t next = 0;
  for (const std::vector<Passage>* passages : documents) {
    CodedVectors own(codes.dimension);
    for (size_t i = 0; i < passages->size(); ++i, ++next)
      own.AppendRow({codes.row(next), codes.dimension}, codes.scales[next]);
    vectors.push_back(std::move(own));
  }
  return vectors;
}

}  // namespace policykb
