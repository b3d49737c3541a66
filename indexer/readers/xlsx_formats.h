// XlsxFormats: how the numbers of an Excel file are shown.
//
// Only as far as it changes their meaning: dates, times, percentages. For xlsx.cc only; const after
// Parse.

#ifndef POLICYKB_INDEXER_READERS_XLSX_FORMATS_H_
#define POLICYKB_INDEXER_READERS_XLSX_FORMATS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

enum class NumberFormat : uint8_t { kGeneral, kDate, kTime, kDateTime, kPercent };

// What a format code ("yyyy\"nian\"m\"yue\"", "0.0%") makes of a number.
NumberFormat ReadFormatCode(std::string_view code);

enum class DateSystem : uint8_t { k1900, k1904 };

// `value`, the digits of a number as stored, as it is shown; `value` itself where it is no number
// or no date.
std::string ShowNumber(std::string_view value, NumberFormat format, DateSystem system);

class XlsxFormats {
 public:
  // An empty `xml` has no formats. Errors: of XmlReader, ResourceExhausted (too many styles).
  static absl::StatusOr<XlsxFormats> Parse(std::string_view xml);

  // Of the cells with that style index; general where there is no such style.
  NumberFormat Of(size_t style) const {
    return style < by_style_.size() ? by_style_[style] : NumberFormat::kGeneral;
  }

 private:
  std::vector<NumberFormat> by_style_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_XLSX_FORMATS_H_
