// What a writer may get wrong of a sentence of law: numbers written otherwise or altered, the force
// of a clause turned round.
//
// Makes the false claims, and the true ones in another spelling, that grounding is measured with
// (grounding_calibration.h). Finds numbers by itself, with nothing of the checker's own code, so
// that what the checker does not see is altered all the same. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_CLAIM_CHANGES_H_
#define POLICYKB_TOOLS_CLAIM_CHANGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

enum class NumberForm { kChinese, kDigits, kCapitals };

enum class NumberUse {
  kMoney,
  kDuration,
  kDate,
  kPercentage,
  kFraction,
  kRange,      // one end of "3 zhi 5 ri", "500 yuan yishang 1000 yuan yixia"
  kProvision,  // di N tiao, kuan, xiang
  kAge,
  kPhone,
  kCount,  // everything else
};
inline constexpr size_t kNumberUses = 10;

// A name for people, as in docs/grounding.md.
std::string_view NameOf(NumberUse use);
std::string_view NameOf(NumberForm form);

struct WrittenNumber {
  Span span = {};
  int64_t value = 0;
  NumberForm form = NumberForm::kChinese;
  NumberUse use = NumberUse::kCount;
};

// Numbers of `text`, in order. A Chinese numeral of one character counts only behind di or before a
// word that counts or measures.
std::vector<WrittenNumber> FindWrittenNumbers(std::string_view text);

// REQUIRES: 0 <= value < 10^8 but for kDigits.
std::string WriteNumber(int64_t value, NumberForm form);

// `text` with `number` replaced.
std::string WithNumber(std::string_view text, const WrittenNumber& number, int64_t value,
                       NumberForm form);

// Another value that could stand there, by `choice`: one more or less, twice or ten times as much
// and the like. Never the same, never below 1.
int64_t AlteredValue(const WrittenNumber& number, uint64_t choice);

enum class ForceChange { kModal, kNegation };

struct ForceFlip {
  ForceChange change = ForceChange::kModal;
  std::string text;
};

// `text` with one modal word turned round (ying dang -> bu de), or one negation put in or left out,
// once for each place where that can be done.
std::vector<ForceFlip> FlipForces(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CLAIM_CHANGES_H_
