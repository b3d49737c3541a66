#include "core/snapshot/filter_columns.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kMagic = "pkbcols";
constexpr uint32_t kVersion = 3;
// Ends before kAnswerKinds.
constexpr uint32_t kVersionWithoutAnswerKinds = 2;

// Stored where a text names no beginning or no end.
constexpr int32_t kAlwaysBegun = std::numeric_limits<int32_t>::min();
constexpr int32_t kNeverEnds = std::numeric_limits<int32_t>::max();

// Sections in the order of the file. A string table takes two.
enum Section : uint32_t {
  kCounts = 0,  // documents, passages, kinds, regions, issuers, label sets, exceptions
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
  kExceptionPassage = kLabelSets + 2,
  kExceptionFrom,
  kExceptionTo,
  kExceptionLabels,
  kAnswerKinds,  // held, headed * 256
  kSections,
};

constexpr uint32_t kCounted = 7;

constexpr char kLabelSeparator = '\n';
// In the place of a label set: the document's labels only.
constexpr uint32_t kNoLabels = std::numeric_limits<uint32_t>::max();

int32_t FromDays(const Validity& validity) {
  return validity.from ? validity.from->days() : kAlwaysBegun;
}

int32_t ToDays(const Validity& validity) { return validity.to ? validity.to->days() : kNeverEnds; }

Validity FromStored(int32_t from, int32_t to) {
  Validity validity;
  if (from != kAlwaysBegun) validity.from = CivilDate(from);
  if (to != kNeverEnds) validity.to = CivilDate(to);
  return validity;
}

}  // namespace

DocumentOverlay OverlayFor(uint32_t ordinal, const Document& document) {
  return {.document = ordinal,
          .kind = document.kind,
          .region = document.region,
          .issuer = document.issuer,
          .document_number = document.document_number,
          .visibility = document.visibility,
          .validity = document.validity};
}

uint32_t FilterColumnsWriter::Intern(std::vector<std::string>& table, const std::string& value) {
  const auto found = std::find(table.begin(), table.end(), value);
  if (found != table.end()) return static_cast<uint32_t>(found - table.begin());
  table.push_back(value);
  return static_cast<uint32_t>(table.size() - 1);
}

uint32_t FilterColumnsWriter::InternLabels(std::vector<std::string> labels) {
  std::sort(labels.begin(), labels.end());
  return Intern(label_sets_, Join(labels, std::string_view(&kLabelSeparator, 1)));
}

void FilterColumnsWriter::AddMetadata(std::string_view id, std::string_view title,
                                      const DocumentOverlay& metadata) {
  ids_.emplace_back(id);
  titles_.emplace_back(title);
  numbers_.push_back(metadata.document_number);
  kind_.push_back(Intern(kinds_, metadata.kind));
  region_.push_back(Intern(regions_, metadata.region));
  issuer_.push_back(Intern(issuers_, metadata.issuer));
  labels_.push_back(InternLabels(metadata.visibility));
  valid_from_.push_back(FromDays(metadata.validity));
  valid_to_.push_back(ToDays(metadata.validity));
}

// Of the passage that is added next.
void FilterColumnsWriter::AddException(const std::optional<Validity>& validity,
                                       const std::vector<std::string>& labels) {
  exception_passage_.push_back(static_cast<uint32_t>(addresses_.size()));
  exception_from_.push_back(FromDays(validity.value_or(Validity())));
  exception_to_.push_back(ToDays(validity.value_or(Validity())));
  exception_labels_.push_back(labels.empty() ? kNoLabels : InternLabels(labels));
}

void FilterColumnsWriter::AddAnswerKinds(AnswerKinds held, AnswerKinds headed) {
  answer_kinds_.push_back(static_cast<uint16_t>(held | headed << 8));
}

void FilterColumnsWriter::Add(const Document& document, const std::vector<Passage>& passages) {
  AddMetadata(document.id, document.title, OverlayFor(0, document));
  const size_t prefix_size =
      DocumentName(document.id).size() + std::string_view("/provisions/").size();
  for (const Passage& passage : passages) {
    if (passage.validity || !passage.visibility.empty())
      AddException(passage.validity, passage.visibility);
    addresses_.push_back(passage.name.substr(prefix_size));
    passage_bytes_.push_back(passage.span.size());
    AddAnswerKinds(HeldKinds(passage.text), HeadedKinds(passage.heading_path));
  }
  first_passage_.push_back(static_cast<uint32_t>(addresses_.size()));
}

void FilterColumnsWriter::AddFrom(const FilterColumns& columns, uint32_t document) {
  AddMetadata(columns.id(document), columns.title(document),
              {.document = 0,
               .kind = std::string(columns.kind(document)),
               .region = std::string(columns.region(document)),
               .issuer = std::string(columns.issuer(document)),
               .document_number = std::string(columns.document_number(document)),
               .visibility = columns.labels(document),
               .validity = columns.validity(document)});
  const auto [first, last] = columns.passages_of(document);
  for (uint32_t passage = first; passage < last; ++passage) {
    if (const PassageException* exception = columns.FindException(passage))
      AddException(exception->validity, exception->labels);
    addresses_.emplace_back(columns.address(passage));
    passage_bytes_.push_back(columns.text_bytes(passage));
    AddAnswerKinds(columns.held_kinds(passage), columns.headed_kinds(passage));
  }
  first_passage_.push_back(static_cast<uint32_t>(addresses_.size()));
}

absl::Status FilterColumnsWriter::Finish(const std::string& path) const {
  SectionFileWriter file(kMagic, kVersion);
  const std::vector<size_t> sizes = {
      ids_.size(),        addresses_.size(),        kinds_.size(), regions_.size(), issuers_.size(),
      label_sets_.size(), exception_passage_.size()};
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
  file.AddArray(exception_passage_);
  file.AddArray(exception_from_);
  file.AddArray(exception_to_);
  file.AddArray(exception_labels_);
  file.AddArray(answer_kinds_);
  return file.Finish(path);
}

absl::StatusOr<std::unique_ptr<FilterColumns>> FilterColumns::Open(const std::string& path) {
  absl::StatusOr<SectionFile> file = SectionFile::Open(path, kMagic, kVersion, kSections);
  const bool older = file.status().code() == absl::StatusCode::kFailedPrecondition;
  if (older) file = SectionFile::Open(path, kMagic, kVersionWithoutAnswerKinds, kAnswerKinds);
  RETURN_IF_ERROR(file.status());
  auto mapped = std::make_shared<Mapped>();
  mapped->file = *std::move(file);
  RETURN_IF_ERROR(mapped->Load());
  if (older) {
    mapped->no_answer_kinds.assign(mapped->passage_bytes.size(), 0);
    mapped->answer_kinds = mapped->no_answer_kinds;
  } else {
    ASSIGN_OR_RETURN(mapped->answer_kinds,
                     mapped->file.Array<uint16_t>(kAnswerKinds, mapped->passage_bytes.size()));
  }
  std::unique_ptr<FilterColumns> columns(new FilterColumns());
  columns->mapped_ = std::move(mapped);
  return columns;
}

absl::StatusOr<std::unique_ptr<FilterColumns>> FilterColumns::With(
    const std::vector<DocumentOverlay>& overlays) const {
  std::unique_ptr<FilterColumns> columns(new FilterColumns());
  columns->mapped_ = mapped_;
  columns->overlays_ = overlays;
  if (!overlays.empty()) columns->overlay_of_.assign(documents(), 0);
  for (size_t i = 0; i < overlays.size(); ++i) {
    if (overlays[i].document >= documents()) {
      return absl::DataLossError(Cat(mapped_->file.path(), ": overlay of document ",
                                     overlays[i].document, ", it has ", documents()));
    }
    columns->overlay_of_[overlays[i].document] = static_cast<uint32_t>(i + 1);
    std::sort(columns->overlays_[i].visibility.begin(), columns->overlays_[i].visibility.end());
  }
  return columns;
}

absl::Status FilterColumns::Mapped::Load() {
  ASSIGN_OR_RETURN(const std::span<const uint32_t> counts, file.Array<uint32_t>(kCounts, kCounted));
  const uint32_t documents = counts[0];
  const uint32_t passages = counts[1];
  ASSIGN_OR_RETURN(first_passage, file.Array<uint32_t>(kFirstPassage, size_t{documents} + 1));
  ASSIGN_OR_RETURN(kind, file.Array<uint32_t>(kKind, documents));
  ASSIGN_OR_RETURN(region, file.Array<uint32_t>(kRegion, documents));
  ASSIGN_OR_RETURN(issuer, file.Array<uint32_t>(kIssuer, documents));
  ASSIGN_OR_RETURN(labels, file.Array<uint32_t>(kLabels, documents));
  ASSIGN_OR_RETURN(valid_from, file.Array<int32_t>(kValidFrom, documents));
  ASSIGN_OR_RETURN(valid_to, file.Array<int32_t>(kValidTo, documents));
  ASSIGN_OR_RETURN(passage_bytes, file.Array<uint32_t>(kPassageBytes, passages));
  ASSIGN_OR_RETURN(ids, file.Strings(kIds, documents));
  ASSIGN_OR_RETURN(titles, file.Strings(kTitles, documents));
  ASSIGN_OR_RETURN(numbers, file.Strings(kNumbers, documents));
  ASSIGN_OR_RETURN(addresses, file.Strings(kAddresses, passages));
  ASSIGN_OR_RETURN(kinds, file.Strings(kKinds, counts[2]));
  ASSIGN_OR_RETURN(regions, file.Strings(kRegions, counts[3]));
  ASSIGN_OR_RETURN(issuers, file.Strings(kIssuers, counts[4]));
  ASSIGN_OR_RETURN(const StringTable stored_sets, file.Strings(kLabelSets, counts[5]));
  for (size_t i = 0; i < stored_sets.size(); ++i) {
    std::vector<std::string> set;
    for (const std::string_view label : Split(stored_sets[i], kLabelSeparator))
      set.emplace_back(label);
    label_sets.push_back(std::move(set));
  }
  if (first_passage[0] != 0 || first_passage[documents] != passages) {
    return absl::DataLossError(
        Cat(file.path(), ": passages of documents do not cover ", passages, " passages"));
  }
  document_of.resize(passages);
  for (uint32_t document = 0; document < documents; ++document) {
    if (first_passage[document] > first_passage[document + 1] ||
        first_passage[document + 1] > passages || kind[document] >= kinds.size() ||
        region[document] >= regions.size() || issuer[document] >= issuers.size() ||
        labels[document] >= label_sets.size() ||
        (document > 0 && !(ids[document - 1] < ids[document]))) {
      return absl::DataLossError(
          Cat(file.path(), ": row ", document, " refers outside the tables or is out of order"));
    }
    std::fill(document_of.begin() + first_passage[document],
              document_of.begin() + first_passage[document + 1], document);
  }
  return LoadExceptions(counts[6]);
}

absl::Status FilterColumns::Mapped::LoadExceptions(uint32_t count) {
  ASSIGN_OR_RETURN(const auto passage, file.Array<uint32_t>(kExceptionPassage, count));
  ASSIGN_OR_RETURN(const auto from, file.Array<int32_t>(kExceptionFrom, count));
  ASSIGN_OR_RETURN(const auto to, file.Array<int32_t>(kExceptionTo, count));
  ASSIGN_OR_RETURN(const auto set, file.Array<uint32_t>(kExceptionLabels, count));
  for (uint32_t i = 0; i < count; ++i) {
    if (passage[i] >= document_of.size() || (i > 0 && passage[i] <= passage[i - 1]) ||
        (set[i] != kNoLabels && set[i] >= label_sets.size())) {
      return absl::DataLossError(
          Cat(file.path(), ": exception ", i, " refers outside the tables or is out of order"));
    }
    exceptions.push_back(
        {.passage = passage[i],
         .validity = FromStored(from[i], to[i]),
         .labels = set[i] == kNoLabels ? std::vector<std::string>() : label_sets[set[i]]});
  }
  return absl::OkStatus();
}

std::string_view FilterColumns::document_number(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  return overlay != nullptr ? overlay->document_number : mapped_->numbers[document];
}

std::string_view FilterColumns::kind(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  return overlay != nullptr ? overlay->kind : mapped_->kinds[mapped_->kind[document]];
}

std::string_view FilterColumns::region(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  return overlay != nullptr ? overlay->region : mapped_->regions[mapped_->region[document]];
}

std::string_view FilterColumns::issuer(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  return overlay != nullptr ? overlay->issuer : mapped_->issuers[mapped_->issuer[document]];
}

Validity FilterColumns::validity(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  if (overlay != nullptr) return overlay->validity;
  return FromStored(mapped_->valid_from[document], mapped_->valid_to[document]);
}

const std::vector<std::string>& FilterColumns::labels(uint32_t document) const {
  const DocumentOverlay* overlay = OverlayOf(document);
  return overlay != nullptr ? overlay->visibility : mapped_->label_sets[mapped_->labels[document]];
}

const PassageException* FilterColumns::FindException(uint32_t passage) const {
  const std::vector<PassageException>& all = mapped_->exceptions;
  const auto found = std::lower_bound(
      all.begin(), all.end(), passage,
      [](const PassageException& exception, uint32_t p) { return exception.passage < p; });
  return found != all.end() && found->passage == passage ? &*found : nullptr;
}

std::optional<uint32_t> FilterColumns::FindPassage(uint32_t document,
                                                   std::string_view address) const {
  const auto [first, last] = passages_of(document);
  for (uint32_t passage = first; passage < last; ++passage) {
    if (StandsFor(mapped_->addresses[passage], address)) return passage;
  }
  return std::nullopt;
}

std::vector<uint32_t> FilterColumns::FindProvision(uint32_t document,
                                                   std::string_view address) const {
  if (const std::optional<uint32_t> whole = FindPassage(document, address)) return {*whole};
  std::vector<uint32_t> pieces;
  const auto [first, last] = passages_of(document);
  for (uint32_t passage = first; passage < last; ++passage) {
    const std::string_view found = mapped_->addresses[passage];
    if (found.starts_with(address) && found.substr(address.size()).starts_with('~'))
      pieces.push_back(passage);
  }
  return pieces;
}

std::optional<uint32_t> FilterColumns::FindDocument(std::string_view id) const {
  uint32_t low = 0;
  uint32_t high = documents();
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (mapped_->ids[middle] < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < documents() && mapped_->ids[low] == id) return low;
  return std::nullopt;
}

std::string FilterColumns::PassageName(uint32_t passage) const {
  return Cat("documents/", id(document_of(passage)), "/provisions/", address(passage));
}

}  // namespace policykb
