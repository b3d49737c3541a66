#include "tools/bench_vectors.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <random>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/snapshot/snapshot.h"
#include "tools/topics.h"

namespace policykb {

namespace {

constexpr size_t kMostQuestions = 200;
constexpr uint64_t kFewest = 3;

using Place = std::pair<size_t, uint32_t>;  // segment and ordinal
// By segment.
using Filter = std::vector<std::vector<uint64_t>>;

struct Kept {
  Filter filter;
  std::vector<std::vector<uint32_t>> ordinals;  // by segment
  uint64_t count = 0;
};

// Keeps one in `each`, the same ones every time; `each` 0 keeps kFewest.
Kept Keep(const Snapshot& snapshot, uint64_t each) {
  std::mt19937_64 random(each);
  std::vector<Place> places;
  for (size_t s = 0; s < snapshot.segments().size(); ++s) {
    for (uint32_t i = 0; i < snapshot.segments()[s]->vectors().entries(); ++i) {
      if (each == 0 || random() % each == 0) places.emplace_back(s, i);
    }
  }
  if (each == 0) {
    std::shuffle(places.begin(), places.end(), random);
    places.resize(std::min<size_t>(places.size(), kFewest));
    std::sort(places.begin(), places.end());
  }
  Kept kept;
  kept.count = places.size();
  for (const auto& segment : snapshot.segments()) {
    kept.filter.emplace_back((segment->vectors().entries() + 63) / 64);
    kept.ordinals.emplace_back();
  }
  for (const auto& [s, ordinal] : places) {
    kept.filter[s][ordinal / 64] |= uint64_t{1} << (ordinal % 64);
    kept.ordinals[s].push_back(ordinal);
  }
  return kept;
}

using Scored = std::vector<std::pair<float, Place>>;  // scores negated

std::vector<Place> BestOf(Scored scored, size_t k) {
  const size_t kept = std::min(k, scored.size());
  std::partial_sort(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(kept),
                    scored.end());
  std::vector<Place> best;
  for (size_t i = 0; i < kept; ++i) best.push_back(scored[i].second);
  std::sort(best.begin(), best.end());
  return best;
}

std::vector<Place> Exact(const Snapshot& snapshot, const Kept& kept,
                         const std::vector<float>& query, size_t k) {
  Scored scored;
  for (size_t s = 0; s < kept.ordinals.size(); ++s) {
    const std::vector<float> scores =
        snapshot.segments()[s]->vectors().Scores(query, kept.ordinals[s]);
    for (size_t i = 0; i < scores.size(); ++i)
      scored.emplace_back(-scores[i], Place(s, kept.ordinals[s][i]));
  }
  return BestOf(std::move(scored), k);
}

absl::StatusOr<std::vector<Place>> Found(const Snapshot& snapshot, const Kept& kept,
                                         const std::vector<float>& query, uint32_t k) {
  Scored scored;
  for (size_t s = 0; s < kept.filter.size(); ++s) {
    ASSIGN_OR_RETURN(const std::vector<ScoredOrdinal> nearest,
                     snapshot.segments()[s]->vectors().Search(query, k, kept.filter[s]));
    for (const ScoredOrdinal& hit : nearest) scored.emplace_back(-hit.score, Place(s, hit.ordinal));
  }
  return BestOf(std::move(scored), k);
}

absl::StatusOr<FilteredVectorFigures> Measure(const Snapshot& snapshot, const Kept& kept,
                                              const std::vector<std::vector<float>>& queries,
                                              const BenchOptions& options) {
  const auto k = static_cast<uint32_t>(options.k);
  FilteredVectorFigures figures = {.kept = kept.count};
  for (const std::vector<float>& query : queries) {
    const std::vector<Place> exact = Exact(snapshot, kept, query, k);
    ASSIGN_OR_RETURN(const std::vector<Place> found, Found(snapshot, kept, query, k));
    std::vector<Place> both;
    std::set_intersection(exact.begin(), exact.end(), found.begin(), found.end(),
                          std::back_inserter(both));
    const double share =
        exact.empty() ? 1 : static_cast<double>(both.size()) / static_cast<double>(exact.size());
    figures.recall += share / static_cast<double>(queries.size());
  }
  std::vector<double> ms;
  for (int repeat = 0; repeat < options.repeats; ++repeat) {
    for (const std::vector<float>& query : queries) {
      const absl::Time begun = absl::Now();
      RETURN_IF_ERROR(Found(snapshot, kept, query, k).status());
      ms.push_back(absl::ToDoubleMilliseconds(absl::Now() - begun));
    }
  }
  std::sort(ms.begin(), ms.end());
  figures.p50_ms = NearestRank(ms, 0.5);
  figures.p99_ms = NearestRank(ms, 0.99);
  return figures;
}

}  // namespace

absl::StatusOr<VectorBenchReport> BenchVectors(const BenchOptions& options) {
  if (options.kb.empty()) return absl::InvalidArgumentError("bench --vectors: expected --kb DIR");
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, ReadTopics(options.topics));
  ASSIGN_OR_RETURN(const std::shared_ptr<const Snapshot> snapshot,
                   options.snapshot.empty() ? Snapshot::OpenCurrent(options.kb)
                                            : Snapshot::Open(options.kb, options.snapshot, ""));
  VectorBenchReport report;
  report.segments = snapshot->segments().size();
  report.dimension = snapshot->embedder().dimension();
  for (const auto& segment : snapshot->segments()) {
    report.vectors += segment->vectors().entries();
    const bool indexed = segment->vectors().has_graph() || !segment->vectors().factory().empty();
    report.indexes += indexed ? 1 : 0;
  }
  std::vector<std::vector<float>> queries;
  const size_t step = (topics.size() + kMostQuestions - 1) / kMostQuestions;
  for (size_t i = 0; i < topics.size(); i += step) {
    ASSIGN_OR_RETURN(std::vector<float> query, snapshot->embedder().EmbedQuery(topics[i].text));
    // What has no known piece has no nearest passage.
    if (std::any_of(query.begin(), query.end(), [](float value) { return value != 0; }))
      queries.push_back(std::move(query));
  }
  report.questions = queries.size();
  if (queries.empty()) return report;
  for (const uint64_t each : {1U, 10U, 100U, 1000U, 0U}) {
    ASSIGN_OR_RETURN(const FilteredVectorFigures figures,
                     Measure(*snapshot, Keep(*snapshot, each), queries, options));
    report.filters.push_back(figures);
  }
  return report;
}

}  // namespace policykb
