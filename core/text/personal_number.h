// PersonalNumber: whether digits have the form of a number that belongs to a person.
//
// Of digits alone; which characters are digits and what may stand between them is redaction.h's.
// Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_PERSONAL_NUMBER_H_
#define POLICYKB_CORE_TEXT_PERSONAL_NUMBER_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace policykb {

// Of cards; no number of a person has more.
inline constexpr size_t kMostPersonalDigits = 19;

enum class PersonalNumber : uint8_t { kNone, kIdentity, kPhone, kCard };

// The check digit of an identity number, 0 to 10, where 10 is written X (GB 11643-1999).
// REQUIRES: 17 digits.
int IdentityCheck(std::span<const int> digits);
// Whether the last digit is the one that the others ask for (ISO/IEC 7812-1, annex B).
bool PassesLuhn(std::span<const int> digits);
// A day that there is, of a year of four digits.
bool IsDay(int year, int month, int day);

// Digits 0 to 9; `ends_in_x` where an X follows them. What has the form of
// - an identity number of 18 or 15 digits: region, day of birth; of 18 also one with another day if
//   its check digit is right, since people mistype one or the other;
// - a mobile telephone, or any with its area code, also with the country's;
// - a bank card: 13 to 19 digits that pass Luhn and begin as cards do.
// Not a telephone without area code, which is any seven or eight digits.
PersonalNumber FormOf(std::span<const int> digits, bool ends_in_x);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_PERSONAL_NUMBER_H_
