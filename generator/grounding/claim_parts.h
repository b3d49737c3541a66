// ClaimParts: a claim taken apart for checking it against any number of passages.
//
// Made once per claim. Not for checking (support.h). Pure function, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_CLAIM_PARTS_H_
#define POLICYKB_GENERATOR_GROUNDING_CLAIM_PARTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "generator/grounding/quantity.h"
#include "generator/grounding/titles.h"

namespace policykb {

struct ClaimParts {
  std::string normalized = {};
  std::vector<Quantity> quantities = {};
  std::vector<std::string> terms = {};  // of the whole claim, sorted, distinct
  std::vector<NamedTitle> titles = {};
  // Terms of each clause that says enough to be borne by itself, sorted, distinct.
  std::vector<std::vector<std::string>> clauses = {};
  bool is_chinese = false;
};

ClaimParts ReadClaim(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_CLAIM_PARTS_H_
