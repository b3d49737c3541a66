#include "core/snapshot/record_codec.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/strings.h"
#include "policykb/snapshot/v1/records.pb.h"

namespace policykb {

namespace {

namespace pb = snapshot::v1;

void FillStrings(const std::vector<std::string>& from,
                 google::protobuf::RepeatedPtrField<std::string>& to) {
  for (const std::string& value : from) to.Add()->assign(value);
}

std::vector<std::string> ToStrings(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

template <typename Message>
absl::StatusOr<Message> Parse(std::string_view bytes, std::string_view what) {
  Message message;
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max()) ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        Cat(what, ": ", bytes.size(), " bytes that are not the message expected"));
  }
  return message;
}

pb::ByteRange ToRange(Span span) {
  pb::ByteRange range;
  range.set_start(span.start);
  range.set_end(span.end);
  return range;
}

bool IsInside(const pb::ByteRange& range, size_t size) {
  return range.start() <= range.end() && range.end() <= size;
}

}  // namespace

std::string DocumentName(const std::string& id) { return "documents/" + id; }

bool StandsFor(std::string_view address, std::string_view wanted) {
  if (address == wanted) return true;
  if (address.find(kAddressJoin) == std::string_view::npos) return false;
  const std::vector<std::string_view> joined = Split(address, kAddressJoin);
  return std::find(joined.begin(), joined.end(), wanted) != joined.end();
}

std::string EncodeDocumentMetadata(const Document& document, std::string_view text_digest) {
  pb::DocumentRecord record;
  record.set_id(document.id);
  record.set_title(document.title);
  record.set_kind(document.kind);
  record.set_document_number(document.document_number);
  record.set_issuer(document.issuer);
  record.set_region(document.region);
  record.set_language(document.language);
  if (document.promulgated_on) record.set_promulgated_on(document.promulgated_on->days());
  if (document.validity.from) record.set_valid_from(document.validity.from->days());
  if (document.validity.to) record.set_valid_to(document.validity.to->days());
  const Validity& stated = document.stated_validity;
  if (stated.from) record.set_stated_valid_from(stated.from->days());
  if (stated.to) record.set_stated_valid_to(stated.to->days());
  FillStrings(document.supersedes, *record.mutable_supersedes());
  FillStrings(document.stated_supersedes, *record.mutable_stated_supersedes());
  record.set_supersedes_place(document.supersedes_place);
  FillStrings(document.superseded_by, *record.mutable_superseded_by());
  FillStrings(document.visibility, *record.mutable_visibility());
  record.set_first_article(document.first_article);
  record.set_source_uri(document.source_uri);
  record.set_source_path(document.source_path);
  for (const auto& [field, origin] : document.origins) {
    pb::MetadataOrigin& added = *record.add_origins();
    added.set_field(field);
    added.set_origin(origin);
  }
  record.set_text_digest(std::string(text_digest));
  return record.SerializeAsString();
}

std::string EncodeDocumentBody(const Document& document) {
  pb::DocumentRecord record;
  record.set_text(document.text);
  for (const Provision& provision : document.provisions) {
    pb::ProvisionRecord& added = *record.add_provisions();
    added.set_address(provision.address);
    added.set_level(static_cast<uint32_t>(provision.level));
    added.set_label(provision.label);
    added.set_heading(provision.heading);
    added.set_parent_plus_one(static_cast<uint32_t>(provision.parent + 1));
    *added.mutable_span() = ToRange(provision.span);
  }
  return record.SerializeAsString();
}

std::string EncodePassage(const Passage& passage) {
  pb::PassageRecord record;
  record.set_name(passage.name);
  record.set_document_id(passage.document_id);
  record.set_address(passage.address);
  record.set_label(passage.label);
  record.set_provision_label(passage.provision_label);
  FillStrings(passage.heading_path, *record.mutable_heading_path());
  *record.mutable_span() = ToRange(passage.span);
  record.set_text(passage.text);
  record.set_title(passage.title);
  if (passage.validity && passage.validity->from)
    record.set_valid_from(passage.validity->from->days());
  if (passage.validity && passage.validity->to) record.set_valid_to(passage.validity->to->days());
  FillStrings(passage.visibility, *record.mutable_visibility());
  return record.SerializeAsString();
}

absl::StatusOr<StoredDocument> DecodeStoredDocument(std::string_view bytes) {
  absl::StatusOr<pb::DocumentRecord> record = Parse<pb::DocumentRecord>(bytes, "document record");
  if (!record.ok()) return record.status();
  StoredDocument stored;
  stored.text_digest = record->text_digest();
  Document& document = stored.document;
  document.id = record->id();
  document.title = record->title();
  document.kind = record->kind();
  document.document_number = record->document_number();
  document.issuer = record->issuer();
  document.region = record->region();
  document.language = record->language();
  if (record->has_promulgated_on()) document.promulgated_on = CivilDate(record->promulgated_on());
  if (record->has_valid_from()) document.validity.from = CivilDate(record->valid_from());
  if (record->has_valid_to()) document.validity.to = CivilDate(record->valid_to());
  Validity& stated = document.stated_validity;
  if (record->has_stated_valid_from()) stated.from = CivilDate(record->stated_valid_from());
  if (record->has_stated_valid_to()) stated.to = CivilDate(record->stated_valid_to());
  document.supersedes = ToStrings(record->supersedes());
  document.stated_supersedes = ToStrings(record->stated_supersedes());
  document.supersedes_place = record->supersedes_place();
  document.superseded_by = ToStrings(record->superseded_by());
  document.visibility = ToStrings(record->visibility());
  document.first_article = record->first_article();
  document.source_uri = record->source_uri();
  document.source_path = record->source_path();
  for (const pb::MetadataOrigin& origin : record->origins()) {
    document.origins.emplace_back(origin.field(), origin.origin());
  }
  return stored;
}

absl::StatusOr<Document> DecodeDocumentMetadata(std::string_view bytes) {
  absl::StatusOr<StoredDocument> stored = DecodeStoredDocument(bytes);
  if (!stored.ok()) return stored.status();
  return std::move(stored->document);
}

absl::StatusOr<Document> DecodeDocumentBody(std::string_view bytes, Document document) {
  absl::StatusOr<pb::DocumentRecord> record = Parse<pb::DocumentRecord>(bytes, "document body");
  if (!record.ok()) return record.status();
  document.text = std::move(*record->mutable_text());
  document.provisions.clear();
  for (const pb::ProvisionRecord& stored : record->provisions()) {
    if (!IsInside(stored.span(), document.text.size()) ||
        stored.parent_plus_one() > document.provisions.size()) {
      return absl::DataLossError(Cat("document ", document.id, ": provision ", stored.address(),
                                     " lies outside the text or before its parent"));
    }
    document.provisions.push_back({.address = stored.address(),
                                   .level = static_cast<ProvisionLevel>(stored.level()),
                                   .label = stored.label(),
                                   .heading = stored.heading(),
                                   .parent = static_cast<int32_t>(stored.parent_plus_one()) - 1,
                                   .span = {stored.span().start(), stored.span().end()}});
  }
  return document;
}

absl::StatusOr<Passage> DecodePassage(std::string_view bytes) {
  absl::StatusOr<pb::PassageRecord> record = Parse<pb::PassageRecord>(bytes, "passage record");
  if (!record.ok()) return record.status();
  if (record->span().start() > record->span().end() ||
      record->span().end() - record->span().start() != record->text().size()) {
    return absl::DataLossError(Cat("passage ", record->name(), ": text of ", record->text().size(),
                                   " bytes, its span says otherwise"));
  }
  Passage passage;
  passage.name = record->name();
  passage.document_id = record->document_id();
  passage.address = record->address();
  passage.label = record->label();
  passage.provision_label = record->provision_label();
  passage.heading_path = ToStrings(record->heading_path());
  passage.span = {record->span().start(), record->span().end()};
  passage.text = std::move(*record->mutable_text());
  passage.title = record->title();
  if (record->has_valid_from() || record->has_valid_to()) {
    passage.validity.emplace();
    if (record->has_valid_from()) passage.validity->from = CivilDate(record->valid_from());
    if (record->has_valid_to()) passage.validity->to = CivilDate(record->valid_to());
  }
  passage.visibility = ToStrings(record->visibility());
  return passage;
}

std::string EncodeFileRecord(const FileRecord& file) {
  pb::FileRecord record;
  record.set_path(file.path);
  record.set_digest(file.digest);
  FillStrings(file.documents, *record.mutable_documents());
  return record.SerializeAsString();
}

absl::StatusOr<FileRecord> DecodeFileRecord(std::string_view bytes) {
  absl::StatusOr<pb::FileRecord> record = Parse<pb::FileRecord>(bytes, "file record");
  if (!record.ok()) return record.status();
  return FileRecord{.path = record->path(),
                    .digest = record->digest(),
                    .documents = ToStrings(record->documents())};
}

namespace {

void AddStrings(const std::vector<std::string>& values, Digest& digest) {
  digest.Add(static_cast<int64_t>(values.size()));
  for (const std::string& value : values) digest.Add(value);
}

void AddDate(const std::optional<CivilDate>& date, Digest& digest) {
  digest.Add(date ? int64_t{date->days()} : std::numeric_limits<int64_t>::min());
}

void AddValidity(const Validity& validity, Digest& digest) {
  AddDate(validity.from, digest);
  AddDate(validity.to, digest);
}

}  // namespace

std::string TextDigest(const Document& document, const std::vector<Passage>& passages) {
  Digest digest;
  digest.Add(document.title);
  digest.Add(document.text);
  digest.Add(static_cast<int64_t>(document.provisions.size()));
  for (const Provision& provision : document.provisions) {
    digest.Add(provision.address);
    digest.Add(static_cast<int64_t>(provision.level));
    digest.Add(provision.label);
    digest.Add(provision.heading);
    digest.Add(int64_t{provision.parent});
    digest.Add(int64_t{provision.span.start});
    digest.Add(int64_t{provision.span.end});
  }
  for (const Passage& passage : passages) {
    digest.Add(passage.name);
    digest.Add(passage.label);
    AddStrings(passage.heading_path, digest);
    digest.Add(int64_t{passage.span.start});
    digest.Add(int64_t{passage.span.end});
    AddValidity(passage.validity.value_or(Validity()), digest);
    AddStrings(passage.visibility, digest);
  }
  return digest.Hex();
}

std::string ContentDigest(std::span<const StoredDocument> documents,
                          std::string_view editorial_digest) {
  Digest digest;
  for (const auto& [document, text_digest] : documents) {
    for (const std::string* value :
         {&document.id, &document.title, &document.kind, &document.document_number,
          &document.issuer, &document.region, &document.language, &document.source_uri,
          &document.source_path, &text_digest}) {
      digest.Add(*value);
    }
    AddDate(document.promulgated_on, digest);
    AddValidity(document.validity, digest);
    AddStrings(document.supersedes, digest);
    AddStrings(document.superseded_by, digest);
    AddStrings(document.visibility, digest);
  }
  if (!editorial_digest.empty()) digest.Add(editorial_digest);
  return digest.Hex();
}

}  // namespace policykb
