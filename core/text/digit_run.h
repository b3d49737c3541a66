// DigitRun: digits that belong together, what stands around them, and what they plainly are.
//
// For redaction.h. Characters, not bytes. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_DIGIT_RUN_H_
#define POLICYKB_CORE_TEXT_DIGIT_RUN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace policykb {

// 0 to 9 of ASCII, full width, in circles, of other scripts, Chinese in three ways of writing; or
// nullopt.
std::optional<int> DigitOf(char32_t code);

// Digits without anything between them.
struct DigitGroup {
  size_t first = 0;  // of the run's digits
  size_t count = 0;
  size_t begin = 0;  // in the text
  size_t end = 0;
};

struct DigitRun {
  std::vector<int> digits;
  std::vector<DigitGroup> groups;  // at least one
  size_t x_end = 0;                // behind an X that follows 17 digits; else 0

  size_t end() const { return groups.back().end; }
};

enum class Joined : uint8_t {
  kClosely,  // by single separators, and no date follows as part of it
  kLoosely,  // by up to three, of more kinds
};

// REQUIRES: a digit at `at`.
DigitRun FindDigitRun(std::u32string_view text, size_t at, Joined joined);

// The end of a date such as 2026-11-24 at `at`; `at` when there is none.
size_t DateEnd(std::u32string_view text, size_t at);

// The end of an IPv4 address or of a snapshot's id at `at`; `at` when there is none.
size_t ProgramWordEnd(std::u32string_view text, size_t at);

// Whether the run is a date or years, an amount, the number of an article, a document or a
// standard, by its form and by what stands before and behind it.
bool IsPlainlyOther(std::u32string_view text, const DigitRun& run);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_DIGIT_RUN_H_
