// Editorial: what the people who keep a corpus say beside its documents: other names of documents,
// synonyms, known questions with their passages; and the names that documents define for
// themselves.
//
// Part of a snapshot, where there is any: written with it, checked on opening. Not for what the
// words do to a search (retriever). Format: FORMAT.md "Editorial words". Writing is for one thread;
// a StoredEditorial is const, any thread; views live as long as it.

#ifndef POLICYKB_CORE_SNAPSHOT_EDITORIAL_H_
#define POLICYKB_CORE_SNAPSHOT_EDITORIAL_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"
#include "core/snapshot/lexical_index.h"
#include "core/snapshot/section_file.h"
#include "core/snapshot/vector_index.h"

namespace policykb {

// A name that people use for a document.
struct DocumentAlias {
  std::string alias;
  std::string target;  // id of a document, else a title
  friend bool operator==(const DocumentAlias&, const DocumentAlias&) = default;
};

// A word that a search also takes for others, but not the other way round.
struct OneWaySynonym {
  std::string word;
  std::vector<std::string> means;  // not empty
  friend bool operator==(const OneWaySynonym&, const OneWaySynonym&) = default;
};

// A question that was asked before, with the passages that answer it.
struct KnownQuestion {
  std::string id;  // may be empty
  std::string text;
  std::vector<std::string> passages;  // names, not empty; they need not exist (any more)
  friend bool operator==(const KnownQuestion&, const KnownQuestion&) = default;
};

// A short name that a document's own text gives to the document.
struct DefinedName {
  std::string document;  // id
  std::string name;
  friend auto operator<=>(const DefinedName&, const DefinedName&) = default;
};

struct Editorial {
  std::vector<DocumentAlias> aliases;
  std::vector<std::vector<std::string>> synonym_groups;  // of two words or more
  std::vector<OneWaySynonym> one_way;
  std::vector<KnownQuestion> questions;
  std::vector<DefinedName> defined_names;  // ascending

  bool empty() const;
  friend bool operator==(const Editorial&, const Editorial&) = default;
};

// Digest of all of it, 32 hexadecimal digits; empty when there is nothing.
std::string EditorialDigest(const Editorial& editorial);

// The form in which two questions are the same one: as the analyzer reads them, without white space
// and punctuation; empty when nothing is left.
std::string ComparableQuestion(std::string_view text);

// Writes the files into the folder, which exists. REQUIRES: not empty. Errors: those of the
// embedder; as WriteNewFile and WriteVectorIndex.
absl::Status WriteEditorial(const Editorial& editorial, const Embedder& embedder,
                            const std::string& folder);

class StoredEditorial {
 public:
  // Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<std::unique_ptr<StoredEditorial>> Open(const std::string& folder);

  // Everything, as values.
  Editorial Load() const;

  size_t questions() const { return texts_.size(); }
  // Of questions. REQUIRES: question < questions().
  std::string_view id(size_t question) const { return ids_[question]; }
  std::string_view text(size_t question) const { return texts_[question]; }
  std::vector<std::string_view> passages(size_t question) const;
  // The question that is the same one as `text`, or questions().
  size_t FindSame(std::string_view text) const;
  // Terms of the questions, one field; null without questions.
  const LexicalIndex* terms() const { return terms_.get(); }
  // Their vectors as queries; null without questions.
  const VectorIndex* vectors() const { return vectors_.get(); }

  // Of everything but the questions.
  Editorial LoadWords() const;

  // Walks the lists of the questions' terms. Errors: DataLoss.
  absl::Status Verify() const;

 private:
  // Strings cut into runs: run i is the strings [first[i], first[i+1]).
  struct Runs {
    std::span<const uint32_t> first;
    StringTable strings;
    std::vector<std::string_view> of(size_t run) const;
  };

  absl::Status Load(const std::string& folder);
  absl::StatusOr<Runs> ReadRuns(uint32_t section, uint32_t runs, uint32_t strings) const;

  SectionFile file_;
  StringTable aliases_, targets_, one_way_words_, ids_, texts_, defined_documents_, defined_names_;
  Runs groups_, meanings_, question_passages_;
  std::span<const uint64_t> sorted_checksums_;  // of comparable questions
  std::span<const uint32_t> by_checksum_;       // questions in the order of these
  std::unique_ptr<LexicalIndex> terms_;
  std::unique_ptr<VectorIndex> vectors_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_EDITORIAL_H_
