// Document and Passage <-> the bytes kept in the record store.
//
// The store keeps a document in two values: its metadata, which every hit needs, and its text with
// the structure, which few calls need. Messages are proto/policykb/snapshot/v1/records.proto. Pure
// functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_
#define POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/records.h"

namespace policykb {

// Everything but text and provisions.
std::string EncodeDocumentMetadata(const Document& document);
// Text and provisions.
std::string EncodeDocumentBody(const Document& document);
std::string EncodePassage(const Passage& passage);

// The document without text and provisions. Errors: DataLoss.
absl::StatusOr<Document> DecodeDocumentMetadata(std::string_view bytes);
// Adds text and provisions to `document`. Errors: DataLoss (grammar, a span outside the text, a
// parent behind its child).
absl::StatusOr<Document> DecodeDocumentBody(std::string_view bytes, Document document);
// Errors: DataLoss (grammar, a text that is not as long as its span).
absl::StatusOr<Passage> DecodePassage(std::string_view bytes);

// Digest of what a reader of a snapshot can see. REQUIRES: documents are added in the order of
// their ids, so that equal content has equal digests however it was built.
class ContentDigest {
 public:
  ContentDigest();
  ~ContentDigest();
  void Add(const Document& document, const std::vector<Passage>& passages);
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RECORD_CODEC_H_
