// Numerals of Chinese legal text: Chinese, financial capitals, full-width and ASCII digits.
//
// For article numbers, dates, amounts and deadlines. Not for units or decimals (the caller reads
// what follows). Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_NUMERALS_H_
#define POLICYKB_CORE_TEXT_NUMERALS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace policykb {

struct NumeralPrefix {
  int64_t value = 0;
  size_t size = 0;  // bytes read, >= 1
};

// The longest numeral at the beginning of `text`, or nullopt. Forms: positional Chinese (yi qian
// ling si shi er, liang bai, nian/sa for twenty/thirty), digit by digit (yi jiu jiu ba, with ling
// or the circle), financial capitals, ASCII and full-width digits (with commas between groups of
// three); wan and yi as multipliers; values up to 10^15, above that nullopt. Mixed forms such as "3
// wan" are read, and a last digit straight behind a unit as tenths of it (yi wan er is 12,000). A
// numeral ends before a character that makes it ungrammatical. Not numerals: bai, qian, wan without
// a digit before them, and one financial capital alone unless what it counts follows (lu di, can
// jia are words).
std::optional<NumeralPrefix> ConsumeNumeral(std::string_view text);

// The same where spaces (ASCII, ideographic) are set between the characters of a short numeral: "di
// er shi san tiao" set wide. Without them equal to ConsumeNumeral for numerals of at most nine
// characters.
std::optional<NumeralPrefix> ConsumeSpacedNumeral(std::string_view text);

// The value when all of `text` is one numeral.
std::optional<int64_t> ParseNumeral(std::string_view text);

// Standard Chinese form as used in article numbers (1042 -> yi qian ling si shi er; 10 -> shi).
// REQUIRES: 0 <= value < 10^8.
std::string FormatChineseNumeral(int64_t value);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_NUMERALS_H_
