// FilterColumns: what a search must know of every passage and document of a segment before it reads
// any record.
//
// Documents with kind, region, issuer, visibility and validity, each with its run of passages;
// passages with their addresses and, for the few that have their own, validity and visibility. Not
// for texts (record store). Format: FORMAT.md "Filter columns". The writer is used by one thread;
// open columns are const, any thread; views live as long as the columns.

#ifndef POLICYKB_CORE_SNAPSHOT_FILTER_COLUMNS_H_
#define POLICYKB_CORE_SNAPSHOT_FILTER_COLUMNS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/civil_date.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/records.h"
#include "core/snapshot/section_file.h"
#include "core/text/answer_kind.h"

namespace policykb {

class FilterColumns;

// What columns hold of the document besides its id and title, as an overlay of `ordinal`.
DocumentOverlay OverlayFor(uint32_t ordinal, const Document& document);

class FilterColumnsWriter {
 public:
  // Adds the next document with its passages; passage ordinals run on. REQUIRES: documents in
  // ascending order of id.
  void Add(const Document& document, const std::vector<Passage>& passages);
  // Adds a document as other columns hold it, its overlay included. REQUIRES: as Add.
  void AddFrom(const FilterColumns& columns, uint32_t document);
  // Writes and syncs. Errors: as WriteNewFile.
  absl::Status Finish(const std::string& path) const;

 private:
  uint32_t InternLabels(std::vector<std::string> labels);
  void AddMetadata(std::string_view id, std::string_view title, const DocumentOverlay& metadata);
  void AddException(const std::optional<Validity>& validity,
                    const std::vector<std::string>& labels);
  void AddAnswerKinds(AnswerKinds held, AnswerKinds headed);
  uint32_t Intern(std::vector<std::string>& table, const std::string& value);

  std::vector<uint32_t> first_passage_ = {0};
  std::vector<uint32_t> kind_, region_, issuer_, labels_;
  std::vector<int32_t> valid_from_, valid_to_;
  std::vector<uint32_t> passage_bytes_;
  std::vector<uint16_t> answer_kinds_;
  std::vector<std::string> ids_, titles_, numbers_, addresses_;
  std::vector<std::string> kinds_, regions_, issuers_, label_sets_;
  std::vector<uint32_t> exception_passage_, exception_labels_;
  std::vector<int32_t> exception_from_, exception_to_;
};

// A passage whose provision has a validity or labels of its own; they count together with the
// document's.
struct PassageException {
  uint32_t passage = 0;
  Validity validity;
  std::vector<std::string> labels;  // empty: the document's only
};

class FilterColumns {
 public:
  // Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<std::unique_ptr<FilterColumns>> Open(const std::string& path);
  // The same columns, sharing the file, with `overlays` (ascending by document) in place of what
  // they hold. Errors: DataLoss (a document that is not there).
  absl::StatusOr<std::unique_ptr<FilterColumns>> With(
      const std::vector<DocumentOverlay>& overlays) const;

  uint32_t passages() const { return static_cast<uint32_t>(mapped_->passage_bytes.size()); }
  uint32_t documents() const { return static_cast<uint32_t>(mapped_->ids.size()); }

  // Of documents. REQUIRES: document < documents().
  std::string_view id(uint32_t document) const { return mapped_->ids[document]; }
  std::string_view title(uint32_t document) const { return mapped_->titles[document]; }
  std::string_view document_number(uint32_t document) const;
  std::string_view kind(uint32_t document) const;
  std::string_view region(uint32_t document) const;
  std::string_view issuer(uint32_t document) const;
  Validity validity(uint32_t document) const;
  // Sorted labels. A caller sees the document when it holds one of them.
  const std::vector<std::string>& labels(uint32_t document) const;
  // Passages of the document: ordinals [first, second).
  std::pair<uint32_t, uint32_t> passages_of(uint32_t document) const {
    return {mapped_->first_passage[document], mapped_->first_passage[document + 1]};
  }
  // The document of that id. About log(documents) comparisons.
  std::optional<uint32_t> FindDocument(std::string_view id) const;

  // Of passages. REQUIRES: passage < passages().
  uint32_t document_of(uint32_t passage) const { return mapped_->document_of[passage]; }
  // Address inside the document, with ~N for pieces.
  std::string_view address(uint32_t passage) const { return mapped_->addresses[passage]; }
  // The passage that stands for that address, or nullopt. Linear in the passages of the document.
  std::optional<uint32_t> FindPassage(uint32_t document, std::string_view address) const;
  // The passages of the provision at that address: the one that stands for it, or the pieces of a
  // long one. Linear as FindPassage.
  std::vector<uint32_t> FindProvision(uint32_t document, std::string_view address) const;
  // Size of the passage's text.
  uint32_t text_bytes(uint32_t passage) const { return mapped_->passage_bytes[passage]; }
  // What its text, and what its heading, has to say to a question (HeldKinds, HeadedKinds).
  AnswerKinds held_kinds(uint32_t passage) const {
    return static_cast<AnswerKinds>(mapped_->answer_kinds[passage]);
  }
  AnswerKinds headed_kinds(uint32_t passage) const {
    return static_cast<AnswerKinds>(mapped_->answer_kinds[passage] >> 8);
  }
  // documents/{id}/provisions/{address}
  std::string PassageName(uint32_t passage) const;

  // Ascending by passage.
  const std::vector<PassageException>& exceptions() const { return mapped_->exceptions; }
  // The passage's exception, or null.
  const PassageException* FindException(uint32_t passage) const;

 private:
  struct Mapped {
    SectionFile file;
    std::span<const uint32_t> first_passage, kind, region, issuer, labels;
    std::span<const int32_t> valid_from, valid_to;
    std::span<const uint32_t> passage_bytes;
    std::span<const uint16_t> answer_kinds;
    std::vector<uint16_t> no_answer_kinds;  // zeros in their place, for a file without them
    StringTable ids, titles, numbers, addresses, kinds, regions, issuers;
    std::vector<std::vector<std::string>> label_sets;
    std::vector<uint32_t> document_of;
    std::vector<PassageException> exceptions;

    absl::Status Load();
    absl::Status LoadExceptions(uint32_t count);
  };

  FilterColumns() = default;
  // The overlay of the document, or null.
  const DocumentOverlay* OverlayOf(uint32_t document) const {
    if (overlay_of_.empty() || overlay_of_[document] == 0) return nullptr;
    return &overlays_[overlay_of_[document] - 1];
  }

  std::shared_ptr<const Mapped> mapped_;
  std::vector<DocumentOverlay> overlays_;
  std::vector<uint32_t> overlay_of_;  // index in overlays_ plus one; empty without overlays
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_FILTER_COLUMNS_H_
