#include "core/text/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kDeclarationBytes = 4096;
// Share of the two-byte characters of a GB18030 text that are punctuation or of GB 2312's first
// level, the 3,755 most used. Measured on pieces of 300 characters of laws: at least .996; the same
// laws in traditional characters at least .53; those in Big5, read as GB18030, at most .38; Latin-1
// none.
constexpr double kLeastCommonShare = 0.45;
// A byte order is clear when it gives this many times the blanks, digits and stops of the other.
constexpr size_t kClearFactor = 4;

std::string LowerAscii(string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// What a file that is no text begins with.
string_view BinaryKind(string_view bytes) {
  static constexpr std::pair<string_view, string_view> kBeginnings[] = {
      {"\x89PNG", "a PNG image"},
      {"\xFF\xD8\xFF", "a JPEG image"},
      {"GIF8", "a GIF image"},
      {"%PDF-", "a PDF file"},
      {"PK\x03\x04", "a ZIP or Office file"},
      {"\xD0\xCF\x11\xE0", "an old Office file"},
      {"\x1F\x8B", "a gzip file"},
      {"Rar!", "a RAR file"},
      {"7z\xBC\xAF", "a 7z file"}};
  for (const auto& [beginning, kind] : kBeginnings) {
    if (bytes.starts_with(beginning)) return kind;
  }
  return "";
}

struct Decoded {
  std::string text;
  std::optional<size_t> invalid;  // offset of the first byte that the encoding does not have
};

struct CloseConverter {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

// Null when ICU knows no encoding of that name.
Converter OpenConverter(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &error));
  if (U_FAILURE(error)) return nullptr;
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  return U_FAILURE(error) ? nullptr : std::move(converter);
}

Decoded Decode(UConverter* converter, string_view bytes) {
  std::array<UChar, 4096> buffer{};
  icu::UnicodeString text;
  const char* source = bytes.data();
  const char* const end = bytes.data() + bytes.size();
  for (;;) {
    UErrorCode error = U_ZERO_ERROR;
    UChar* target = buffer.data();
    ucnv_toUnicode(converter, &target, buffer.data() + buffer.size(), &source, end, nullptr, true,
                   &error);
    text.append(buffer.data(), static_cast<int32_t>(target - buffer.data()));
    if (error == U_BUFFER_OVERFLOW_ERROR) continue;
    Decoded decoded;
    if (U_FAILURE(error)) {
      std::array<char, 16> invalid{};
      auto size = static_cast<int8_t>(invalid.size());
      UErrorCode ignored = U_ZERO_ERROR;
      ucnv_getInvalidChars(converter, invalid.data(), &size, &ignored);
      decoded.invalid = static_cast<size_t>(source - bytes.data()) -
                        (U_FAILURE(ignored) ? 0 : static_cast<size_t>(size));
      return decoded;
    }
    text.toUTF8String(decoded.text);
    return decoded;
  }
}

// A text of an encoding that was named by a mark or clear by its bytes.
absl::StatusOr<std::string> DecodeOnly(const std::string& name, string_view bytes, size_t offset) {
  const Converter converter = OpenConverter(name);
  if (converter == nullptr) return absl::InternalError(Cat("ICU has no converter for ", name));
  Decoded decoded = Decode(converter.get(), bytes);
  if (decoded.invalid) {
    return absl::InvalidArgumentError(Cat("not ", name, " at byte ", *decoded.invalid + offset));
  }
  return std::move(decoded.text);
}

// "UTF-16LE" or "UTF-16BE" where blanks, line ends, digits and stops are clearly of that order.
string_view Utf16Order(string_view bytes) {
  if (bytes.size() % 2 != 0 || bytes.find('\0') == string_view::npos) return "";
  // Without "0" and the ideographic space, which are each other's bytes changed over.
  const auto is_common = [](unsigned high, unsigned low) {
    const unsigned unit = high * 256 + low;
    return unit == '\n' || unit == ' ' || (unit >= '1' && unit <= '9') || unit == 0x3001 ||
           unit == 0x3002 || unit == 0xFF0C;
  };
  size_t little = 0, big = 0;
  for (size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    little += is_common(second, first);
    big += is_common(first, second);
  }
  constexpr size_t kUnitsPerCommon = 100;
  if (std::max(little, big) * kUnitsPerCommon < bytes.size() / 2) return "";
  if (little > kClearFactor * big) return "UTF-16LE";
  return big > kClearFactor * little ? "UTF-16BE" : "";
}

// More characters of three and four bytes than bytes that are no UTF-8: chance gives one in a
// hundred in text of another encoding.
bool IsDamagedUtf8(string_view bytes) {
  size_t characters = 0, invalid = 0;
  for (size_t at = 0; at < bytes.size();) {
    const DecodedChar c = DecodeChar(bytes, at);
    characters += c.size >= 3;
    invalid += c.size == 1 && (static_cast<unsigned char>(bytes[at]) & 0x80) != 0;
    at += c.size;
  }
  return characters > 0 && characters >= invalid;
}

// Of well-formed GB18030: whether it looks like Chinese text.
bool IsLikelyGb18030(string_view bytes) {
  size_t common = 0, pairs = 0;
  for (size_t at = 0; at + 1 < bytes.size(); ++at) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    if (lead < 0x81) continue;
    const auto trail = static_cast<unsigned char>(bytes[++at]);
    if (trail < 0x40) {
      at += 2;  // of four bytes
      continue;
    }
    ++pairs;
    const bool punctuation = lead >= 0xA1 && lead <= 0xA3;
    const bool first_level = lead >= 0xB0 && lead <= 0xD7;
    common += (punctuation || first_level) && trail >= 0xA1;
  }
  return pairs > 0 && static_cast<double>(common) >= kLeastCommonShare * static_cast<double>(pairs);
}

// GB 2312 and GBK are parts of GB18030, and pages that declare them use characters beyond.
std::string ConverterName(string_view declared) {
  std::string name = LowerAscii(StripAsciiSpace(declared));
  for (const string_view part : {"gb2312", "gb_2312", "gb_2312-80", "gbk", "x-gbk", "euc-cn",
                                 "cp936", "ms936", "windows-936"}) {
    if (name == part) return "gb18030";
  }
  return name;
}

absl::StatusOr<std::string> DecodeOther(string_view bytes, size_t invalid_utf8,
                                        std::optional<string_view> declared) {
  const std::string not_utf8 = Cat("not UTF-8 at byte ", invalid_utf8);
  if (IsDamagedUtf8(bytes)) return absl::InvalidArgumentError(not_utf8);
  const std::string name = declared ? ConverterName(*declared) : "";
  if (!name.empty() && name != "gb18030" && !name.starts_with("utf")) {
    if (const Converter converter = OpenConverter(name); converter != nullptr) {
      Decoded decoded = Decode(converter.get(), bytes);
      if (!decoded.invalid) return std::move(decoded.text);
      return absl::InvalidArgumentError(
          Cat(not_utf8, ", not ", name, " at byte ", *decoded.invalid));
    }
  }
  const Converter converter = OpenConverter("gb18030");
  if (converter == nullptr) return absl::InternalError("ICU has no converter for gb18030");
  Decoded decoded = Decode(converter.get(), bytes);
  if (decoded.invalid) {
    return absl::InvalidArgumentError(Cat(not_utf8, ", not GB18030 at byte ", *decoded.invalid));
  }
  if (name != "gb18030" && !IsLikelyGb18030(bytes)) {
    return absl::InvalidArgumentError(Cat(not_utf8, ", and no Chinese text as GB18030"));
  }
  return std::move(decoded.text);
}

absl::StatusOr<std::string> DecodeAny(string_view bytes, std::optional<string_view> declared) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    const size_t invalid = FirstInvalidUtf8(bytes);
    if (invalid == string_view::npos) return std::string(bytes.substr(3));
    return absl::InvalidArgumentError(Cat("not UTF-8 at byte ", invalid));
  }
  if (bytes.starts_with("\xFF\xFE")) return DecodeOnly("UTF-16LE", bytes.substr(2), 2);
  if (bytes.starts_with("\xFE\xFF")) return DecodeOnly("UTF-16BE", bytes.substr(2), 2);
  if (bytes.starts_with("\x84\x31\x95\x33")) return DecodeOnly("gb18030", bytes.substr(4), 4);
  if (const string_view order = Utf16Order(bytes); !order.empty()) {
    return DecodeOnly(std::string(order), bytes, 0);
  }
  const size_t invalid = FirstInvalidUtf8(bytes);
  if (invalid == string_view::npos) return std::string(bytes);
  if (const size_t nul = bytes.find('\0'); nul != string_view::npos) {
    return absl::InvalidArgumentError(Cat("a binary file, no text: NUL at byte ", nul));
  }
  return DecodeOther(bytes, invalid, declared);
}

}  // namespace

absl::StatusOr<std::string> DecodeToUtf8(string_view bytes, std::optional<string_view> declared) {
  if (const string_view kind = BinaryKind(bytes); !kind.empty()) {
    return absl::InvalidArgumentError(Cat("no text: begins like ", kind));
  }
  ASSIGN_OR_RETURN(std::string text, DecodeAny(bytes, declared));
  if (const size_t nul = text.find('\0'); nul != std::string::npos) {
    return absl::InvalidArgumentError(Cat("a binary file, no text: NUL at byte ", nul));
  }
  return text;
}

std::optional<string_view> DeclaredEncoding(string_view bytes) {
  const string_view start = bytes.substr(0, kDeclarationBytes);
  const std::string lower = LowerAscii(start);
  const auto value_at = [&](size_t at) -> std::optional<string_view> {
    while (at < lower.size() && (lower[at] == ' ' || lower[at] == '=' || lower[at] == '"' ||
                                 lower[at] == '\'' || lower[at] == '\t')) {
      ++at;
    }
    size_t end = at;
    while (end < lower.size() && (std::isalnum(static_cast<unsigned char>(lower[end])) != 0 ||
                                  lower[end] == '-' || lower[end] == '_')) {
      ++end;
    }
    if (end == at) return std::nullopt;
    return start.substr(at, end - at);
  };
  if (lower.starts_with("<?xml")) {
    const string_view declaration = string_view(lower).substr(0, lower.find('>'));
    const size_t at = declaration.find("encoding");
    if (at != string_view::npos) return value_at(at + 8);
  }
  for (size_t at = lower.find("<meta"); at != std::string::npos; at = lower.find("<meta", at + 5)) {
    const string_view tag = string_view(lower).substr(at, lower.find('>', at) - at);
    if (const size_t charset = tag.find("charset"); charset != string_view::npos) {
      return value_at(at + charset + 7);
    }
  }
  return std::nullopt;
}

}  // namespace policykb
