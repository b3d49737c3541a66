// Modal words of legal text and what force they give a clause.
//
// The table behind polarity.cc, Chinese and English. Text is as NormalizeForMatch gives it. Pure
// function, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_FORCE_WORDS_H_
#define POLICYKB_GENERATOR_GROUNDING_FORCE_WORDS_H_

#include <cstddef>
#include <string_view>

namespace policykb {

// Bits, as a clause may have several.
enum Force : unsigned {
  kOblige = 1,
  kForbid = 2,
  kPermit = 4,
  kNotRequired = 8,
  kRefuse = 16,
  kGrant = 32,    // the opposite of kRefuse; compared in place only
  kNothing = 64,  // a longer wording in which a modal word is none
};

struct ForceWord {
  std::string_view spelling;
  unsigned force;
};

// The longest modal word that starts at `at`, or nullptr. REQUIRES: at <= text.size().
const ForceWord* ForceWordAt(std::string_view text, size_t at);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_FORCE_WORDS_H_
