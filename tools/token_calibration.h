// policykb calibrate tokens: how far the estimates of token counts are from a real tokenizer's.
//
// Over texts whose tokens somebody counted (tools/count_tokens.sh). Not for counting. Pure
// functions.

#ifndef POLICYKB_TOOLS_TOKEN_CALIBRATION_H_
#define POLICYKB_TOOLS_TOKEN_CALIBRATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "generator/token_estimate.h"
#include "tools/topics.h"

namespace policykb {

// Margins over texts of a length.
struct TokenMargins {
  size_t most_characters = 0;  // the length class: up to so many; 0 for all texts
  size_t texts = 0;
  size_t undercounted = 0;  // by MostTokens, which must not
  size_t overcounted = 0;   // by LeastTokens, which must not
  // MostTokens by tokens, the least and the middle one; LeastTokens by tokens, the highest.
  double least_above = 0, median_above = 0, highest_below = 0;
};

// Of each class of length that has texts, shortest first, then of all. Texts without tokens are
// left out.
std::vector<TokenMargins> CalibrateTokens(const std::vector<CountedText>& texts,
                                          TokenFamily family);

std::string TokenMarginsText(const std::vector<TokenMargins>& margins);

struct TokenCalibrationOptions {
  std::string counted;              // file
  std::string family = "deepseek";  // as ParseTokenFamily takes it
};

// Prints the margins. Errors: InvalidArgument (the family), as ReadCountedTexts; FailedPrecondition
// when a text was counted on the wrong side.
absl::Status RunCalibrateTokens(const TokenCalibrationOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_TOKEN_CALIBRATION_H_
