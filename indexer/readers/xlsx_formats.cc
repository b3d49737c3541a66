#include "indexer/readers/xlsx_formats.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>

#include "core/base/civil_date.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {
namespace {

constexpr size_t kMaxStyles = 100'000;
// Serial number of 1970-01-01, and what the system that begins in 1904 is behind.
constexpr int64_t kUnixEpoch = 25'569;
constexpr int64_t kOffset1904 = 1'462;
constexpr double kLastDay = 2'958'465;  // 9999-12-31

// Formats without a code in the file (ISO/IEC 29500-1, 18.8.30), those of Chinese Excel included.
NumberFormat BuiltIn(int id) {
  if (id == 9 || id == 10) return NumberFormat::kPercent;
  if (id == 22) return NumberFormat::kDateTime;
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 ||
      id == 56) {
    return NumberFormat::kTime;
  }
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58)) {
    return NumberFormat::kDate;
  }
  return NumberFormat::kGeneral;
}

// The letters of the first section that stand for parts of the number: without literals, colours
// and conditions, in lower case.
std::string Letters(std::string_view code) {
  std::string out;
  for (size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    const char c = code[i];
    if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '[') {
      const size_t end = std::min(code.find(']', i), code.size());
      const std::string_view inside = code.substr(i + 1, end - i - 1);
      // Hours, minutes or seconds above their usual range.
      if (inside.find_first_not_of("hHmMsS") == std::string_view::npos) out += inside;
      i = end;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return ReplaceAll(ReplaceAll(out, "am/pm", ""), "general", "");
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

// As Excel, which keeps 15 digits: 0.1 + 0.2 is 0.3.
std::string Digits(double value) {
  std::array<char, 64> buffer;
  const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
  std::snprintf(buffer.data(), buffer.size(), whole ? "%.0f" : "%.15g", value);
  return buffer.data();
}

std::string TimeOfDay(double fraction) {
  const auto minutes = static_cast<int>(std::lround(fraction * 24 * 60)) % (24 * 60);
  std::array<char, 64> buffer;
  std::snprintf(buffer.data(), buffer.size(), "%02d:%02d", minutes / 60, minutes % 60);
  return buffer.data();
}

}  // namespace

NumberFormat ReadFormatCode(std::string_view code) {
  const std::string letters = Letters(code);
  const auto has = [&letters](std::string_view any) {
    return letters.find_first_of(any) != std::string::npos;
  };
  const bool time = has("hs");
  const bool date = has("yd") || (has("m") && !time);
  if (date) return time ? NumberFormat::kDateTime : NumberFormat::kDate;
  if (time) return NumberFormat::kTime;
  return has("%") ? NumberFormat::kPercent : NumberFormat::kGeneral;
}

std::string ShowNumber(std::string_view value, NumberFormat format, DateSystem system) {
  const std::optional<double> number = ParseDouble(value);
  if (!number) return std::string(value);
  if (format == NumberFormat::kGeneral) return Digits(*number);
  if (format == NumberFormat::kPercent) return Digits(std::round(*number * 1e14) / 1e12) + "%";
  if (*number < 0 || *number >= kLastDay + 1) return Digits(*number);
  double day = 0;
  const double fraction = std::modf(*number, &day);
  if (format == NumberFormat::kTime) return TimeOfDay(fraction);
  auto serial = static_cast<int64_t>(day);
  if (system == DateSystem::k1904) {
    serial += kOffset1904;
  } else if (serial < 61) {
    // Excel counts 29 February 1900, which was none.
    if (serial == 0 || serial == 60) return Digits(*number);
    ++serial;
  }
  const std::string date = CivilDate(static_cast<int32_t>(serial - kUnixEpoch)).ToString();
  return format == NumberFormat::kDate ? date : Cat(date, " ", TimeOfDay(fraction));
}

absl::StatusOr<XlsxFormats> XlsxFormats::Parse(std::string_view xml) {
  XlsxFormats out;
  if (xml.empty()) return out;
  XmlReader reader(xml, "styles part");
  std::map<std::string, NumberFormat, std::less<>> own;
  bool in_cell_formats = false;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return out;
    if (own.size() + out.by_style_.size() > kMaxStyles) {
      return absl::ResourceExhaustedError(Cat("styles: more than ", kMaxStyles));
    }
    if (event->Starts("x:numFmt")) {
      own.insert_or_assign(std::string(event->Attribute("numFmtId")),
                           ReadFormatCode(event->Attribute("formatCode")));
    } else if (event->Starts("x:cellXfs")) {
      in_cell_formats = true;
    } else if (event->Ends("x:cellXfs")) {
      in_cell_formats = false;
    } else if (event->Starts("x:xf") && in_cell_formats) {
      const std::string_view id = event->Attribute("numFmtId");
      const auto found = own.find(id);
      int number = 0;
      std::from_chars(id.data(), id.data() + id.size(), number);
      out.by_style_.push_back(found == own.end() ? BuiltIn(number) : found->second);
    }
  }
}

}  // namespace policykb
