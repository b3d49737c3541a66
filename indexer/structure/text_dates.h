// Dates in Chinese text: "2021 nian 1 yue 1 ri" in every numeral form.
//
// Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_TEXT_DATES_H_
#define POLICYKB_INDEXER_STRUCTURE_TEXT_DATES_H_

#include <optional>
#include <string_view>
#include <vector>

#include "core/base/civil_date.h"
#include "core/base/span.h"

namespace policykb {

struct TextDate {
  CivilDate date;
  Span span;
};

// The date at the beginning of `text`, nullopt when there is none or the calendar has no such day.
std::optional<TextDate> ConsumeDate(std::string_view text);

// All dates in `text`, in order.
std::vector<TextDate> FindDates(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_TEXT_DATES_H_
