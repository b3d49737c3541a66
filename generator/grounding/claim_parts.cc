#include "generator/grounding/claim_parts.h"

#include <algorithm>
#include <utility>

#include "generator/grounding/evidence.h"

namespace policykb {
namespace {

// Clauses of fewer terms say too little to tell.
constexpr size_t kMinClauseTerms = 3;

}  // namespace

ClaimParts ReadClaim(std::string_view text) {
  ClaimParts claim{.normalized = NormalizeForGrounding(text), .is_chinese = IsMostlyChinese(text)};
  claim.quantities = FindQuantities(claim.normalized);
  claim.titles = FindTitles(claim.normalized);
  const std::string masked = MaskQuantities(claim.normalized, claim.quantities);
  for (size_t start = 0; start < masked.size();) {
    const size_t end = std::min(masked.find_first_of(",;:\n", start), masked.size());
    std::vector<std::string> terms =
        OverlapTerms(std::string_view(masked).substr(start, end - start), {});
    claim.terms.insert(claim.terms.end(), terms.begin(), terms.end());
    if (terms.size() >= kMinClauseTerms) claim.clauses.push_back(std::move(terms));
    start = end + 1;
  }
  std::sort(claim.terms.begin(), claim.terms.end());
  claim.terms.erase(std::unique(claim.terms.begin(), claim.terms.end()), claim.terms.end());
  return claim;
}

}  // namespace policykb
