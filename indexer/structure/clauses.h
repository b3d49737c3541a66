// Clauses by which a Chinese text says from when and how long it is in force.
//
// Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_
#define POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/civil_date.h"

namespace policykb {

// "zi 2021 nian 1 yue 1 ri qi shi xing", "zi gong bu zhi ri qi shi xing".
struct EffectClause {
  bool on_promulgation = false;
  std::optional<CivilDate> date;  // unless on_promulgation
};

// Word before the end of a text's validity, "you xiao qi".
inline constexpr std::string_view kTermOfValidity = "有效期";

// The first clause in `text` that speaks of the text itself, not of another one in book marks.
std::optional<EffectClause> FindEffectClause(std::string_view text);

// "you xiao qi zhi 2025 nian 12 yue 31 ri", "you xiao qi wu nian".
struct ExpiryClause {
  std::optional<CivilDate> end;  // first day no longer in force
  int64_t years = 0;             // from the beginning, where no day is named
};

std::optional<ExpiryClause> FindExpiryClause(std::string_view text);

// What follows "zi" when it says from when something is in force, whatever that is.
std::optional<EffectClause> ReadEffectClause(std::string_view rest);

// The end in what follows "you xiao qi", whatever that is of.
std::optional<ExpiryClause> ReadExpiryClause(std::string_view rest);

// Words between the beginning of the sentence and `at`, without the label of the article that they
// begin. REQUIRES: at <= text.size().
std::string_view SubjectBefore(std::string_view text, size_t at);

// Removes "ben fa", "ben tiao li", ... from the beginning of `words`; false when none is there.
bool ConsumeOwnName(std::string_view& words);

// The same day `years` later (28 February for 29 February); nullopt behind year 9999.
std::optional<CivilDate> AddYears(CivilDate date, int64_t years);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_
