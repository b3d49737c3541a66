// Provision references and document numbers in any bytes: spans are in order and inside the text.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/document_number.h"
#include "core/text/provision_reference.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto label = policykb::ConsumeArticleLabel(text)) {
    if (label->size == 0 || label->size > size) std::abort();
  }
  uint32_t last = 0;
  for (const auto& reference : policykb::FindProvisionReferences(text)) {
    if (!reference.article || reference.span.start < last ||
        reference.span.end <= reference.span.start || reference.span.end > size) {
      std::abort();
    }
    last = reference.span.end;
  }
  last = 0;
  for (const auto& number : policykb::FindDocumentNumbers(text)) {
    if (number.normalized.empty() || number.span.start < last ||
        number.span.end <= number.span.start || number.span.end > size) {
      std::abort();
    }
    last = number.span.end;
  }
  return 0;
}
