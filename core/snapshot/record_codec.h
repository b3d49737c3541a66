// Document and Passage <-> the bytes kept in the record store.
//
// The store keeps a document in two values: its metadata, which every hit needs, and its text with
// the structure, which few calls need. Messages are proto/policykb/snapshot/v1/records.proto. Pure
// functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_
#define POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/records.h"

namespace policykb {

// A document as the store knows it without reading its text.
struct StoredDocument {
  Document document;        // without text and provisions
  std::string text_digest;  // TextDigest
  friend bool operator==(const StoredDocument&, const StoredDocument&) = default;
};

// Everything but text and provisions.
std::string EncodeDocumentMetadata(const Document& document, std::string_view text_digest);
// Text and provisions.
std::string EncodeDocumentBody(const Document& document);
std::string EncodePassage(const Passage& passage);
std::string EncodeFileRecord(const FileRecord& file);

// Errors: DataLoss.
absl::StatusOr<StoredDocument> DecodeStoredDocument(std::string_view bytes);
// The document without text and provisions. Errors: DataLoss.
absl::StatusOr<Document> DecodeDocumentMetadata(std::string_view bytes);
// Adds text and provisions to `document`. Errors: DataLoss (grammar, a span outside the text, a
// parent behind its child).
absl::StatusOr<Document> DecodeDocumentBody(std::string_view bytes, Document document);
// Errors: DataLoss (grammar, a text that is not as long as its span).
absl::StatusOr<Passage> DecodePassage(std::string_view bytes);
// Errors: DataLoss.
absl::StatusOr<FileRecord> DecodeFileRecord(std::string_view bytes);

// XXH3-128 of a document's title, text, structure and passages: equal while nothing must be
// analysed, embedded or cut again.
std::string TextDigest(const Document& document, const std::vector<Passage>& passages);

// Digest of what a reader of a snapshot can see: its documents, and the digest of its editorial
// words, empty where there are none. REQUIRES: `documents` in ascending order of ids, so that equal
// content has equal digests however it was built.
std::string ContentDigest(std::span<const StoredDocument> documents,
                          std::string_view editorial_digest);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_
