#include "indexer/embed_lines.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

absl::StatusOr<std::vector<float>> EmbedAll(const Embedder& embedder,
                                            const std::vector<std::string_view>& lines,
                                            LineRole role) {
  if (role == LineRole::kPassage) return embedder.EmbedPassages(lines);
  std::vector<float> vectors;
  for (const std::string_view line : lines) {
    ASSIGN_OR_RETURN(const std::vector<float> vector, embedder.EmbedQuery(line));
    vectors.insert(vectors.end(), vector.begin(), vector.end());
  }
  return vectors;
}

}  // namespace

absl::StatusOr<EmbeddedLines> EmbedLines(const Embedder& embedder, std::string_view text,
                                         LineRole role, int rounds) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  const std::vector<std::string_view> lines = Split(text, '\n');
  std::vector<absl::Duration> times;
  std::vector<float> vectors;
  for (int round = 0; round < rounds; ++round) {
    const absl::Time begun = absl::Now();
    ASSIGN_OR_RETURN(vectors, EmbedAll(embedder, lines, role));
    times.push_back(absl::Now() - begun);
  }
  std::sort(times.begin(), times.end());
  EmbeddedLines embedded = {
      .vectors = {}, .lines = lines.size(), .median = times[times.size() / 2]};
  const auto dimension = static_cast<size_t>(embedder.dimension());
  for (size_t i = 0; i < vectors.size(); ++i) {
    char number[32];
    std::snprintf(number, sizeof(number), "%.9g", static_cast<double>(vectors[i]));
    embedded.vectors += number;
    embedded.vectors += (i + 1) % dimension == 0 ? '\n' : ' ';
  }
  return embedded;
}

}  // namespace policykb
