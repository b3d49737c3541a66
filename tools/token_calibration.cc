#include "tools/token_calibration.h"

#include <algorithm>
#include <optional>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "tools/bench.h"
#include "tools/numbers.h"
#include "tools/printing.h"

namespace policykb {

namespace {

constexpr size_t kClasses[] = {100, 300, 1000, 10000};

size_t Characters(std::string_view text) {
  size_t characters = 0;
  for (size_t at = 0; at < text.size(); at += DecodeChar(text, at).size) ++characters;
  return characters;
}

TokenMargins MarginsOf(const std::vector<CountedText>& texts, size_t least_characters,
                       size_t most_characters, TokenFamily family) {
  TokenMargins margins{.most_characters = most_characters};
  std::vector<double> above;
  for (const CountedText& text : texts) {
    const size_t characters = Characters(text.text);
    if (text.tokens == 0 || characters < least_characters ||
        (most_characters > 0 && characters > most_characters)) {
      continue;
    }
    const size_t most = MostTokens(text.text, family);
    const size_t least = LeastTokens(text.text);
    const auto tokens = static_cast<double>(text.tokens);
    margins.undercounted += most < text.tokens ? 1 : 0;
    margins.overcounted += least > text.tokens ? 1 : 0;
    above.push_back(static_cast<double>(most) / tokens);
    margins.highest_below = std::max(margins.highest_below, static_cast<double>(least) / tokens);
  }
  margins.texts = above.size();
  if (above.empty()) return margins;
  std::sort(above.begin(), above.end());
  margins.least_above = above.front();
  margins.median_above = NearestRank(above, 0.5);
  return margins;
}

}  // namespace

std::vector<TokenMargins> CalibrateTokens(const std::vector<CountedText>& texts,
                                          TokenFamily family) {
  std::vector<TokenMargins> all;
  size_t least = 0;
  for (const size_t most : kClasses) {
    TokenMargins margins = MarginsOf(texts, least, most, family);
    if (margins.texts > 0) all.push_back(margins);
    least = most + 1;
  }
  all.push_back(MarginsOf(texts, 0, 0, family));
  return all;
}

std::string TokenMarginsText(const std::vector<TokenMargins>& margins) {
  std::string text =
      "characters  texts  undercounted  least above  median above  overcounted  highest below\n";
  const auto column = [](const std::string& value, size_t width) {
    return std::string(width - std::min(width, value.size()), ' ') + value;
  };
  for (const TokenMargins& each : margins) {
    text +=
        Cat(column(each.most_characters == 0 ? "all" : Cat("<= ", each.most_characters), 10),
            column(Cat(each.texts), 7), column(Cat(each.undercounted), 14),
            column(Decimals(each.least_above, 2), 13), column(Decimals(each.median_above, 2), 14),
            column(Cat(each.overcounted), 13), column(Decimals(each.highest_below, 2), 15), "\n");
  }
  return text;
}

absl::Status RunCalibrateTokens(const TokenCalibrationOptions& options) {
  const std::optional<TokenFamily> family = ParseTokenFamily(options.family);
  if (!family) {
    return absl::InvalidArgumentError(
        Cat("--family ", options.family, ", expected deepseek, qwen, llama or unknown"));
  }
  ASSIGN_OR_RETURN(const std::vector<CountedText> texts, ReadCountedTexts(options.counted));
  const std::vector<TokenMargins> margins = CalibrateTokens(texts, *family);
  Print(TokenMarginsText(margins));
  const TokenMargins& all = margins.back();
  if (all.undercounted == 0 && all.overcounted == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat(all.undercounted, " texts undercounted from above and ",
                                           all.overcounted, " overcounted from below, of ",
                                           all.texts));
}

}  // namespace policykb
