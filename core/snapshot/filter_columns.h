// FilterColumns: what a search must know of every passage and document of a segment before it reads
// any record.
//
// Documents with kind, region, issuer, visibility and validity, each with its run of passages;
// passages with their addresses. Not for texts (record store). Format: FORMAT.md "Filter columns".
// The writer is used by one thread; open columns are const, any thread; views live as long as the
// columns.

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
#include "core/snapshot/records.h"
#include "core/snapshot/section_file.h"

namespace policykb {

class FilterColumnsWriter {
 public:
  // Adds the next document with its passages; passage ordinals run on. REQUIRES: documents in
  // ascending order of id.
  void Add(const Document& document, const std::vector<Passage>& passages);
  // Writes and syncs. Errors: as WriteNewFile.
  absl::Status Finish(const std::string& path) const;

 private:
  uint32_t Intern(std::vector<std::string>& table, const std::string& value);

  std::vector<uint32_t> first_passage_ = {0};
  std::vector<uint32_t> kind_, region_, issuer_, labels_;
  std::vector<int32_t> valid_from_, valid_to_;
  std::vector<uint32_t> passage_bytes_;
  std::vector<std::string> ids_, titles_, numbers_, addresses_;
  std::vector<std::string> kinds_, regions_, issuers_, label_sets_;
};

class FilterColumns {
 public:
  // Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<std::unique_ptr<FilterColumns>> Open(const std::string& path);

  uint32_t passages() const { return static_cast<uint32_t>(passage_bytes_.size()); }
  uint32_t documents() const { return static_cast<uint32_t>(ids_.size()); }

  // Of documents. REQUIRES: document < documents().
  std::string_view id(uint32_t document) const { return ids_[document]; }
  std::string_view title(uint32_t document) const { return titles_[document]; }
  std::string_view document_number(uint32_t document) const { return numbers_[document]; }
  std::string_view kind(uint32_t document) const { return kinds_[kind_[document]]; }
  std::string_view region(uint32_t document) const { return regions_[region_[document]]; }
  std::string_view issuer(uint32_t document) const { return issuers_[issuer_[document]]; }
  Validity validity(uint32_t document) const;
  // Sorted labels. A caller sees the document when it holds one of them.
  const std::vector<std::string>& labels(uint32_t document) const {
    return label_sets_[labels_[document]];
  }
  // Passages of the document: ordinals [first, second).
  std::pair<uint32_t, uint32_t> passages_of(uint32_t document) const {
    return {first_passage_[document], first_passage_[document + 1]};
  }
  // The document of that id. About log(documents) comparisons.
  std::optional<uint32_t> FindDocument(std::string_view id) const;

  // Of passages. REQUIRES: passage < passages().
  uint32_t document_of(uint32_t passage) const { return document_of_[passage]; }
  // Address inside the document, with ~N for pieces.
  std::string_view address(uint32_t passage) const { return addresses_[passage]; }
  // Size of the passage's text.
  uint32_t text_bytes(uint32_t passage) const { return passage_bytes_[passage]; }
  // documents/{id}/provisions/{address}
  std::string PassageName(uint32_t passage) const;

 private:
  explicit FilterColumns(SectionFile file) : file_(std::move(file)) {}
  absl::Status Load();

  SectionFile file_;
  std::span<const uint32_t> first_passage_, kind_, region_, issuer_, labels_;
  std::span<const int32_t> valid_from_, valid_to_;
  std::span<const uint32_t> passage_bytes_;
  StringTable ids_, titles_, numbers_, addresses_, kinds_, regions_, issuers_;
  std::vector<std::vector<std::string>> label_sets_;
  std::vector<uint32_t> document_of_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_FILTER_COLUMNS_H_
