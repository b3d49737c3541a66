// Decoding of any bytes: what comes out is UTF-8 without NUL, and UTF-8 stays as it is.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/encoding.h"
#include "core/text/utf8.h"

namespace {

void Check(std::string_view bytes, std::optional<std::string_view> declared) {
  const auto text = policykb::DecodeToUtf8(bytes, declared);
  if (!text.ok()) return;
  if (policykb::FirstInvalidUtf8(*text) != std::string_view::npos) std::abort();
  if (text->find('\0') != std::string::npos) std::abort();
  // A page in UTF-8 that has no mark to lose and no other reading is itself.
  const bool same = policykb::FirstInvalidUtf8(bytes) == std::string_view::npos &&
                    bytes.find('\0') == std::string_view::npos &&
                    !bytes.starts_with("\xEF\xBB\xBF");
  if (same && *text != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(bytes, std::nullopt);
  Check(bytes, "gb2312");
  Check(bytes, policykb::DeclaredEncoding(bytes));
  return 0;
}
