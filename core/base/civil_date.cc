#include "core/base/civil_date.h"

#include <cstdio>

#include "absl/time/civil_time.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

const absl::CivilDay kEpoch(1970, 1, 1);

// Value of `digits`, or -1 when one of them is no digit.
int64_t ParseDigits(std::string_view digits) {
  int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<CivilDate> CivilDate::FromYmd(int64_t year, int64_t month, int64_t day) {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
    return std::nullopt;
  const absl::CivilDay civil(year, month, day);
  // CivilDay carries 31 April over to 1 May.
  if (civil.day() != day) return std::nullopt;
  return CivilDate(static_cast<int32_t>(civil - kEpoch));
}

absl::StatusOr<CivilDate> CivilDate::Parse(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const auto date = FromYmd(ParseDigits(text.substr(0, 4)), ParseDigits(text.substr(5, 2)),
                              ParseDigits(text.substr(8, 2)));
    if (date) return *date;
  }
  return absl::InvalidArgumentError(
      Cat("date \"", text.substr(0, 40), "\" is not a day written YYYY-MM-DD"));
}

CivilDate CivilDate::At(absl::Time now, const absl::TimeZone& zone) {
  return CivilDate(static_cast<int32_t>(absl::ToCivilDay(now, zone) - kEpoch));
}

std::string CivilDate::ToString() const {
  const absl::CivilDay civil = kEpoch + days_;
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%04d-%02d-%02d", static_cast<int>(civil.year()),
                civil.month(), civil.day());
  return buffer;
}

Validity Intersect(const Validity& a, const Validity& b) {
  Validity both = a;
  if (b.from && (!both.from || *both.from < *b.from)) both.from = b.from;
  if (b.to && (!both.to || *b.to < *both.to)) both.to = b.to;
  return both;
}

absl::StatusOr<absl::TimeZone> LoadZone(std::string_view name) {
  absl::TimeZone zone;
  // A machine without tzdata still knows the default zone: it has had no daylight saving since
  // 1991.
  if (absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone)) return zone;
  if (name == kDefaultZone) return absl::FixedTimeZone(8 * 60 * 60);
  return absl::InvalidArgumentError(
      Cat("time zone \"", name, "\" is not a name this machine's zone database knows"));
}

}  // namespace policykb
