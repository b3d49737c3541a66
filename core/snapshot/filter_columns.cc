#include "core/snapshot/filter_columns.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kMagic = "pkbcols";
constexpr uint32_t kVersion = 1;

// Stored where a text names no beginning or no end.
constexpr int32_t kAlwaysBegun = std::numeric_limits<int32_t>::min();
constexpr int32_t kNeverEnds = std::numeric_limits<int32_t>::max();

// Sections in the order of the file. A string table takes two.
enum Section : uint32_t {
  kCounts = 0,  // documents, passages, kinds, regions, issuers, label sets
  kFirstPassage,
  kKind,
  kRegion,
  kIssuer,
  kLabels,
  kValidFrom,
  kValidTo,
  kPassageBytes,
  kIds,
  kTitles = kIds + 2,
  kNumbers = kTitles + 2,
  kAddresses = kNumbers + 2,
  kKinds = kAddresses + 2,
  kRegions = kKinds + 2,
  kIssuers = kRegions + 2,
  kLabelSets = kIssuers + 2,
  kSections = kLabelSets + 2,
};

constexpr char kLabelSeparator = '\n';

}  // namespace

uint32_t FilterColumnsWriter::Intern(std::vector<std::string>& table, const std::string& value) {
  const auto found = std::find(table.begin(), table.end(), value);
  if (found != table.end()) return static_cast<uint32_t>(found - table.begin());
  table.push_back(value);
  return static_cast<uint32_t>(table.size() - 1);
}

void FilterColumnsWriter::Add(const Document& document, const std::vector<Passage>& passages) {
  ids_.push_back(document.id);
  titles_.push_back(document.title);
  numbers_.push_back(document.document_number);
  kind_.push_back(Intern(kinds_, document.kind));
  region_.push_back(Intern(regions_, document.region));
  issuer_.push_back(Intern(issuers_, document.issuer));
  std::vector<std::string> labels = document.visibility;
  std::sort(labels.begin(), labels.end());
  labels_.push_back(Intern(label_sets_, Join(labels, std::string_view(&kLabelSeparator, 1))));
  valid_from_.push_back(document.validity.from ? document.validity.from->days() : kAlwaysBegun);
  valid_to_.push_back(document.validity.to ? document.validity.to->days() : kNeverEnds);
  const size_t prefix_size =
      DocumentName(document.id).size() + std::string_view("/provisions/").size();
  for (const Passage& passage : passages) {
    addresses_.push_back(passage.name.substr(prefix_size));
    passage_bytes_.push_back(passage.span.size());
  }
  first_passage_.push_back(static_cast<uint32_t>(addresses_.size()));
}

absl::Status FilterColumnsWriter::Finish(const std::string& path) const {
  SectionFileWriter file(kMagic, kVersion);
  const std::vector<size_t> sizes = {ids_.size(),     addresses_.size(), kinds_.size(),
                                     regions_.size(), issuers_.size(),   label_sets_.size()};
  file.AddArray(std::vector<uint32_t>(sizes.begin(), sizes.end()));
  for (const auto* column : {&first_passage_, &kind_, &region_, &issuer_, &labels_})
    file.AddArray(*column);
  file.AddArray(valid_from_);
  file.AddArray(valid_to_);
  file.AddArray(passage_bytes_);
  for (const auto* strings :
       {&ids_, &titles_, &numbers_, &addresses_, &kinds_, &regions_, &issuers_, &label_sets_}) {
    file.AddStrings(*strings);
  }
  return file.Finish(path);
}

absl::StatusOr<std::unique_ptr<FilterColumns>> FilterColumns::Open(const std::string& path) {
  ASSIGN_OR_RETURN(SectionFile file, SectionFile::Open(path, kMagic, kVersion, kSections));
  std::unique_ptr<FilterColumns> columns(new FilterColumns(std::move(file)));
  RETURN_IF_ERROR(columns->Load());
  return columns;
}

absl::Status FilterColumns::Load() {
  ASSIGN_OR_RETURN(const std::span<const uint32_t> counts, file_.Array<uint32_t>(kCounts, 6));
  const uint32_t documents = counts[0];
  const uint32_t passages = counts[1];
  ASSIGN_OR_RETURN(first_passage_, file_.Array<uint32_t>(kFirstPassage, size_t{documents} + 1));
  ASSIGN_OR_RETURN(kind_, file_.Array<uint32_t>(kKind, documents));
  ASSIGN_OR_RETURN(region_, file_.Array<uint32_t>(kRegion, documents));
  ASSIGN_OR_RETURN(issuer_, file_.Array<uint32_t>(kIssuer, documents));
  ASSIGN_OR_RETURN(labels_, file_.Array<uint32_t>(kLabels, documents));
  ASSIGN_OR_RETURN(valid_from_, file_.Array<int32_t>(kValidFrom, documents));
  ASSIGN_OR_RETURN(valid_to_, file_.Array<int32_t>(kValidTo, documents));
  ASSIGN_OR_RETURN(passage_bytes_, file_.Array<uint32_t>(kPassageBytes, passages));
  ASSIGN_OR_RETURN(ids_, file_.Strings(kIds, documents));
  ASSIGN_OR_RETURN(titles_, file_.Strings(kTitles, documents));
  ASSIGN_OR_RETURN(numbers_, file_.Strings(kNumbers, documents));
  ASSIGN_OR_RETURN(addresses_, file_.Strings(kAddresses, passages));
  ASSIGN_OR_RETURN(kinds_, file_.Strings(kKinds, counts[2]));
  ASSIGN_OR_RETURN(regions_, file_.Strings(kRegions, counts[3]));
  ASSIGN_OR_RETURN(issuers_, file_.Strings(kIssuers, counts[4]));
  ASSIGN_OR_RETURN(const StringTable label_sets, file_.Strings(kLabelSets, counts[5]));
  for (size_t i = 0; i < label_sets.size(); ++i) {
    std::vector<std::string> labels;
    for (const std::string_view label : Split(label_sets[i], kLabelSeparator))
      labels.emplace_back(label);
    label_sets_.push_back(std::move(labels));
  }
  if (first_passage_[0] != 0 || first_passage_[documents] != passages) {
    return absl::DataLossError(
        Cat(file_.path(), ": passages of documents do not cover ", passages, " passages"));
  }
  document_of_.resize(passages);
  for (uint32_t document = 0; document < documents; ++document) {
    if (first_passage_[document] > first_passage_[document + 1] ||
        first_passage_[document + 1] > passages || kind_[document] >= kinds_.size() ||
        region_[document] >= regions_.size() || issuer_[document] >= issuers_.size() ||
        labels_[document] >= label_sets_.size() ||
        (document > 0 && !(ids_[document - 1] < ids_[document]))) {
      return absl::DataLossError(
          Cat(file_.path(), ": row ", document, " refers outside the tables or is out of order"));
    }
    std::fill(document_of_.begin() + first_passage_[document],
              document_of_.begin() + first_passage_[document + 1], document);
  }
  return absl::OkStatus();
}

Validity FilterColumns::validity(uint32_t document) const {
  Validity validity;
  if (valid_from_[document] != kAlwaysBegun) validity.from = CivilDate(valid_from_[document]);
  if (valid_to_[document] != kNeverEnds) validity.to = CivilDate(valid_to_[document]);
  return validity;
}

std::optional<uint32_t> FilterColumns::FindDocument(std::string_view id) const {
  uint32_t low = 0;
  uint32_t high = documents();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (ids_[middle] < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < documents() && ids_[low] == id) return low;
  return std::nullopt;
}

std::string FilterColumns::PassageName(uint32_t passage) const {
  return Cat("documents/", id(document_of(passage)), "/provisions/", address(passage));
}

}  // namespace policykb
