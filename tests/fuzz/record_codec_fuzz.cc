// Fuzz target: values of the record store of any bytes; the first byte says which kind. What is
// read is written and read again as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/snapshot/record_codec.h"

namespace {

using policykb::Document;

void Require(bool condition) {
  if (!condition) std::abort();
}

// The body of a document is kept without its metadata: those are given.
absl::StatusOr<Document> DecodeBody(std::string_view bytes) {
  return policykb::DecodeDocumentBody(bytes, Document{});
}

template <typename Decode, typename Encode>
void CheckKind(std::string_view bytes, const Decode& decode, const Encode& encode) {
  const auto read = decode(bytes);
  if (!read.ok()) {
    Require(read.status().code() == absl::StatusCode::kDataLoss);
    return;
  }
  const auto again = decode(encode(*read));
  Require(again.ok() && *again == *read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      CheckKind(bytes, policykb::DecodePassage, policykb::EncodePassage);
      break;
    case 1:
      CheckKind(bytes, policykb::DecodeStoredDocument, [](const policykb::StoredDocument& stored) {
        return policykb::EncodeDocumentMetadata(stored.document, stored.text_digest);
      });
      break;
    case 2:
      CheckKind(bytes, DecodeBody, policykb::EncodeDocumentBody);
      break;
    default:
      CheckKind(bytes, policykb::DecodeFileRecord, policykb::EncodeFileRecord);
  }
  return 0;
}
