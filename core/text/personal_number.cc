#include "core/text/personal_number.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace policykb {

namespace {

using Digits = std::span<const int>;

int Number(Digits digits, size_t at, size_t count) {
  int value = 0;
  for (size_t i = at; i < at + count; ++i) value = 10 * value + digits[i];
  return value;
}

// The first two digits of identity numbers: provinces by GB/T 2260, and 83 and 91 of residents
// from elsewhere and foreigners.
bool IsRegion(int code) {
  return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
         (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
         code == 71 || (code >= 81 && code <= 83) || code == 91;
}

bool IsIdentity(Digits digits, bool ends_in_x) {
  const size_t count = digits.size() + (ends_in_x ? 1 : 0);
  if (count != 15 && count != 18) return false;
  if (!IsRegion(Number(digits, 0, 2))) return false;
  if (count == 15) {
    return !ends_in_x &&
           IsDay(1900 + Number(digits, 6, 2), Number(digits, 8, 2), Number(digits, 10, 2));
  }
  const int year = Number(digits, 6, 4);
  if (year >= 1850 && year <= 2099 && IsDay(year, Number(digits, 10, 2), Number(digits, 12, 2)))
    return true;
  return IdentityCheck(digits.first(17)) == (ends_in_x ? 10 : digits[17]);
}

bool IsMobile(Digits digits) { return digits.size() == 11 && digits[0] == 1 && digits[1] >= 3; }

// 0 and an area code of two or three digits, then seven or eight.
bool IsLandline(Digits digits) {
  if (digits.size() < 10 || digits.size() > 12 || digits[0] != 0 || digits[1] == 0) return false;
  const bool of_large_city = digits[1] <= 2;
  return of_large_city ? digits.size() <= 11 : digits.size() >= 11;
}

bool IsPhone(Digits digits) {
  if (IsMobile(digits) || IsLandline(digits)) return true;
  for (const size_t country : {size_t{2}, size_t{4}}) {  // 86 and 0086
    if (digits.size() < country || Number(digits, 0, country) != 86) continue;
    const Digits rest = digits.subspan(country);
    // Abroad, an area code loses its 0.
    if (IsMobile(rest) || (rest.size() >= 9 && rest.size() <= 11 && rest[0] != 0)) return true;
  }
  return false;
}

bool IsCard(Digits digits) {
  if (digits.size() < 13 || digits.size() > 19 || !PassesLuhn(digits)) return false;
  const int first = Number(digits, 0, 2);
  return first >= 22 && (first <= 27 || first >= 30);
}

}  // namespace

int IdentityCheck(Digits digits) {
  // 2 to the power of the place from the right, modulo 11.
  constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (size_t i = 0; i < kWeights.size(); ++i) sum += digits[i] * kWeights[i];
  return (12 - sum % 11) % 11;
}

bool PassesLuhn(Digits digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i];
    const int doubled = 2 * digit;
    sum += i % 2 == 0 ? digit : doubled / 10 + doubled % 10;
  }
  return sum % 10 == 0;
}

bool IsDay(int year, int month, int day) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

PersonalNumber FormOf(Digits digits, bool ends_in_x) {
  if (IsIdentity(digits, ends_in_x)) return PersonalNumber::kIdentity;
  if (ends_in_x) return PersonalNumber::kNone;
  if (IsPhone(digits)) return PersonalNumber::kPhone;
  if (IsCard(digits)) return PersonalNumber::kCard;
  return PersonalNumber::kNone;
}

}  // namespace policykb
