// LexicalIndex: inverted index of one segment with quantised impacts, mapped from one file.
//
// Answers: which entries (passages, or whole documents) hold these terms, and how strongly. Text,
// title and heading path are folded into one impact per (term, entry) when the file is written; idf
// is applied by the caller, who sums the statistics over segments. Not for positions. Format:
// FORMAT.md "Lexical index". The writer is used by one thread; an open index is const and may be
// used from any thread. Views returned point into the mapped file and live as long as the index.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_INDEX_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_INDEX_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/files.h"
#include "core/text/analyzer.h"

namespace policykb {

class EntrySet;       // entry_set.h
struct CodedPosting;  // lexical_list.h
struct LexicalList;   // lexical_list.h

// BM25 saturation and length normalisation of one field and its share of the impact. The impact of
// a term in an entry is the sum over fields of
//   weight * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))
// (Robertson and Zaragoza 2009, eq. 3.15 per field, without idf). The length of a field counts its
// words, its bigrams, and the unigrams that are part of no bigram.
// REQUIRES: weight >= 0, k1 >= 0, 0 <= b <= 1.
struct LexicalField {
  double weight = 1.0;
  double k1 = 1.2;
  double b = 0.75;
};

struct LexicalOptions {
  // One entry per field of Add, in order. REQUIRES: 1 to 8.
  std::vector<LexicalField> fields;
  // Factor on the impact of CJK unigrams, which say less than bigrams. A term whose impact is 0 is
  // not stored.
  double unigram_weight = 0.8;
};

// Options for the fields text, title, heading path of a passage. Weights chosen coarsely on the 771
// development questions over 55,385 articles of Chinese law (R@10 / R@100 / nDCG@10, sum of idf *
// impact): these .515 / .725 / .419; title 0.3, path 0.4, unigrams 0.6 .507 / .721 / .410; without
// unigrams .493 / .704 / .396; title 0.3, no headings, unigrams 0.6 .488 / .705 / .393.
// Neighbouring settings differ by less than .01; a title helps questions that name the law, of
// which these have few.
LexicalOptions PassageLexicalOptions();

// Impact of code 1: the largest impact that these options allow is code 255. It depends on the
// options only, so that indexes of one kind can be merged code by code.
float ImpactScale(const LexicalOptions& options);

class LexicalIndexWriter {
 public:
  explicit LexicalIndexWriter(LexicalOptions options);
  ~LexicalIndexWriter();
  LexicalIndexWriter(const LexicalIndexWriter&) = delete;
  LexicalIndexWriter& operator=(const LexicalIndexWriter&) = delete;

  // Adds the next entry, ordinal 0, 1, 2, ... `fields` holds the terms of each field. REQUIRES: as
  // many as options.fields.
  void Add(std::span<const std::vector<Term>> fields);
  // Mean length of each field over the entries so far, 0 without entries.
  std::vector<double> MeanLengths() const;
  // Writes and syncs the file. `mean_lengths`: of each field, by which lengths are normalised;
  // segments that are searched together take the same ones, a field of mean 0 is not normalised.
  // Nothing may be added afterwards. Errors: ResourceExhausted, and as WriteNewFile.
  absl::Status Finish(const std::string& path, const std::vector<double>& mean_lengths);

 private:
  struct Build;
  std::unique_ptr<Build> build_;
};

// Postings of one term: ordinals ascending with their impacts.
struct Posting {
  uint32_t ordinal = 0;
  float impact = 0;  // > 0
};

class LexicalIndex {
 public:
  // Maps and checks the file's own header and bounds; the manifest's checksum covers the bytes.
  // Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<std::unique_ptr<LexicalIndex>> Open(const std::string& path);
  ~LexicalIndex();

  uint32_t entries() const;
  uint64_t terms() const;
  // Bytes of the file.
  uint64_t size_bytes() const;

  // A term's list, or nullopt when no entry holds it.
  struct TermList {
    uint32_t entries = 0;   // entries that hold the term, >= 1
    float max_impact = 0;   // largest impact in the list
    uint64_t position = 0;  // for AddScores and Decode of this index only
  };
  std::optional<TermList> Find(std::string_view term) const;
  // The same of each of them, in their order: look-ups wait for memory, and these wait together.
  std::vector<std::optional<TermList>> FindAll(std::span<const std::string_view> terms) const;

  // The list as it stands in the file; nullopt when it is not this index's or its head is broken.
  std::optional<LexicalList> ListOf(const TermList& list) const;
  // Adds weight * code to scores[ordinal] for every entry of the list, modulo 2^32. scores: one
  // number per entry. A list that breaks the grammar stops at the break (Verify reports it); it
  // never writes outside `scores`.
  void AddScores(const TermList& list, uint32_t weight, std::span<uint32_t> scores) const;
  // The list decoded. Errors: DataLoss.
  absl::StatusOr<std::vector<Posting>> Decode(const TermList& list) const;
  // Impact of the term in one entry, 0 when absent. About log(list) work by skip entries or a scan
  // of one block.
  float ImpactIn(const TermList& list, uint32_t ordinal) const;
  // Those of the entries that hold the term, as positions in entries.ordinals(), ascending (in a
  // list that keeps the grammar).
  // REQUIRES: a set of entries of this index.
  std::vector<uint32_t> Holding(const TermList& list, const EntrySet& entries) const;

  float impact_scale() const;
  // The largest impact that can be stored.
  float max_impact() const { return 255 * impact_scale(); }
  // The term of that place in byte order and its postings as they are stored, appended. REQUIRES:
  // term < terms(). Errors: DataLoss.
  std::string_view TermText(uint64_t term) const;
  absl::Status DecodeCodes(uint64_t term, std::vector<CodedPosting>& out) const;

  // All terms in byte order, for statistics and tests.
  std::vector<std::string_view> AllTerms() const;
  // Walks every list. Errors: DataLoss naming the term.
  absl::Status Verify() const;

 private:
  LexicalIndex();
  struct Layout;
  std::unique_ptr<Layout> layout_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_INDEX_H_
