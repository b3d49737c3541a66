// CivilDate: a day of the proleptic Gregorian calendar, without time and zone.
//
// For validity and promulgation dates. Not for points in time (absl::Time). Plain value, any
// thread.

#ifndef POLICYKB_CORE_BASE_CIVIL_DATE_H_
#define POLICYKB_CORE_BASE_CIVIL_DATE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

class CivilDate {
 public:
  // Days since 1970-01-01.
  explicit CivilDate(int32_t days = 0) : days_(days) {}
  // The day of that year, month 1 to 12, day 1 to 31; nullopt when the calendar has no such day or
  // the year is outside 1 to 9999.
  static std::optional<CivilDate> FromYmd(int64_t year, int64_t month, int64_t day);
  // Parses YYYY-MM-DD. Errors: InvalidArgument.
  static absl::StatusOr<CivilDate> Parse(std::string_view text);
  // The day it is at `now` in the zone.
  static CivilDate At(absl::Time now, const absl::TimeZone& zone);

  int32_t days() const { return days_; }
  // YYYY-MM-DD.
  std::string ToString() const;

  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;

 private:
  int32_t days_;
};

// Half-open range of days in which a text is in force; an absent end is open.
struct Validity {
  std::optional<CivilDate> from;
  std::optional<CivilDate> to;

  bool Contains(CivilDate day) const { return (!from || *from <= day) && (!to || day < *to); }
  friend bool operator==(const Validity&, const Validity&) = default;
};

// Days that are in both; may be none.
Validity Intersect(const Validity& a, const Validity& b);

// The zone of that IANA name. Errors: InvalidArgument.
absl::StatusOr<absl::TimeZone> LoadZone(std::string_view name);

// Zone in which "today" is taken unless configured otherwise.
inline constexpr std::string_view kDefaultZone = "Asia/Shanghai";

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_CIVIL_DATE_H_
