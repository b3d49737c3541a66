// SourceBase: a random knowledge base as plain values, from which a test decides by itself who may
// see what, and the same written as a snapshot.
//
// For tests that compare what a search returns with what the values say. One thread.

#ifndef POLICYKB_TESTS_RETRIEVER_SOURCE_BASE_H_
#define POLICYKB_TESTS_RETRIEVER_SOURCE_BASE_H_

#include <cstddef>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/embedding/embedder.h"
#include "core/snapshot/records.h"
#include "retriever/local_searcher.h"
#include "tests/base/temp_folder.h"

namespace policykb {

struct SourceDocument {
  Document document;
  std::vector<Passage> passages;
  size_t segment = 0;
  bool live = true;  // false: its segment still holds it, marked dead; the records do not
  // Metadata that its segment was written with, where an overlay has replaced it since.
  std::optional<Document> written;
};

struct SourceBase {
  std::vector<SourceDocument> documents;
};

// A few documents of a few short articles over few words, titles, days and labels, so that nearly
// everything collides with something.
SourceBase RandomSourceBase(std::mt19937_64& random);
// A query over the same words, names, days, labels and values of filters, for all hits.
SearchQuery RandomQuery(std::mt19937_64& random);

// What the values say, by brute force.
bool MaySee(const SourceDocument& source, const Passage& passage, const CallerLabels& labels);
bool MayFind(const SourceDocument& source, const Passage& passage, const SearchQuery& query);
// True when the passage's text, title or headings share an analysed term with the query.
bool SharesTerm(const Passage& passage, const std::string& query);

// Writes bases as snapshots, each into a folder of its own, with one small embedder for all.
class SourceBaseWriter {
 public:
  SourceBaseWriter();
  // Null, with a failed expectation, when it could not be written or opened.
  std::shared_ptr<const LocalSearcher> Write(const SourceBase& base);
  const Embedder& embedder() const { return *embedder_; }

 private:
  absl::StatusOr<std::shared_ptr<const Snapshot>> WriteTo(const SourceBase& base,
                                                          const std::string& kb) const;

  TempFolder folder_;
  std::unique_ptr<Embedder> embedder_;
  size_t written_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_RETRIEVER_SOURCE_BASE_H_
