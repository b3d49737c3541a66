// Clauses by which a Chinese text says from when and how long it is in force.
//
// Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_
#define POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_

#include <optional>
#include <string_view>

#include "core/base/civil_date.h"

namespace policykb {

// "zi 2021 nian 1 yue 1 ri qi shi xing", "zi gong bu zhi ri qi shi xing".
struct EffectClause {
  bool on_promulgation = false;
  std::optional<CivilDate> date;  // unless on_promulgation
};

// The first clause in `text` that speaks of the text itself, not of another one in book marks.
std::optional<EffectClause> FindEffectClause(std::string_view text);

// "you xiao qi zhi 2025 nian 12 yue 31 ri", "you xiao qi wu nian".
struct ExpiryClause {
  std::optional<CivilDate> end;  // first day no longer in force
  int64_t years = 0;             // from the beginning, where no day is named
};

std::optional<ExpiryClause> FindExpiryClause(std::string_view text);

// The same day `years` later (28 February for 29 February); nullopt behind year 9999.
std::optional<CivilDate> AddYears(CivilDate date, int64_t years);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_CLAUSES_H_
