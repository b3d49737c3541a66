#include "core/snapshot/lexical_merge.h"

#include <algorithm>
#include <queue>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/lexical_file_writer.h"

namespace policykb {

namespace {

// The next term of a source; the queue has the smallest on top.
struct Head {
  std::string_view term;
  size_t source = 0;
  friend bool operator<(const Head& a, const Head& b) { return a.term > b.term; }
};

}  // namespace

absl::Status MergeLexicalIndexes(std::span<const LexicalSource> sources, uint32_t entries,
                                 const std::string& path) {
  if (sources.empty()) return absl::InvalidArgumentError(Cat(path, ": no index to merge"));
  const float scale = sources[0].index->impact_scale();
  std::priority_queue<Head> heads;
  std::vector<uint64_t> next(sources.size(), 0);
  for (size_t s = 0; s < sources.size(); ++s) {
    const LexicalIndex& index = *sources[s].index;
    if (index.impact_scale() != scale) {
      return absl::FailedPreconditionError(
          Cat(path, ": impact scales ", scale, " and ", index.impact_scale(), " cannot be merged"));
    }
    if (index.terms() > 0) heads.push({index.TermText(0), s});
  }
  LexicalFileWriter file(scale);
  std::vector<CodedPosting> decoded;
  std::vector<CodedPosting> merged;
  while (!heads.empty()) {
    const std::string_view term = heads.top().term;
    merged.clear();
    while (!heads.empty() && heads.top().term == term) {
      const size_t s = heads.top().source;
      heads.pop();
      const LexicalSource& source = sources[s];
      decoded.clear();
      RETURN_IF_ERROR(source.index->DecodeCodes(next[s], decoded));
      for (const CodedPosting& posting : decoded) {
        const uint32_t ordinal = source.new_ordinals[posting.ordinal];
        if (ordinal != kDropped) merged.push_back({ordinal, posting.code});
      }
      if (++next[s] < source.index->terms()) heads.push({source.index->TermText(next[s]), s});
    }
    const auto by_ordinal = [](const CodedPosting& a, const CodedPosting& b) {
      return a.ordinal < b.ordinal;
    };
    if (!std::is_sorted(merged.begin(), merged.end(), by_ordinal))
      std::sort(merged.begin(), merged.end(), by_ordinal);
    RETURN_IF_ERROR_IN(file.Add(term, merged), path);
  }
  return file.Finish(path, entries);
}

}  // namespace policykb
