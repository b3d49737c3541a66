// Model text with reasoning marks anywhere, cut anywhere: what is handed on is the same as of the
// whole, and nothing that stands in a block of its own gets out.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "generator/reasoning_filter.h"

namespace policykb {
namespace {

constexpr std::string_view kPieces[] = {"<think>",  "</think>",     "a",  " ",
                                        "<",        "</thin",       "k>", "[THINK]",
                                        "[/think]", "\xE2\x97\x81", ">",  "[1]"};
constexpr std::string_view kSecret = "SECRET";

struct Outcome {
  std::string text;
  bool failed = false;
};

Outcome Filter(std::string_view text, size_t step) {
  ReasoningFilter filter(ReasoningMarks::kUnknown);
  Outcome outcome;
  for (size_t at = 0; at < text.size(); at += step) {
    const absl::StatusOr<std::string> part = filter.Add(text.substr(at, step));
    if (!part.ok()) {
      outcome.failed = true;
      return outcome;
    }
    outcome.text += *part;
  }
  outcome.text += filter.Finish();
  return outcome;
}

std::string WithoutSpaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

}  // namespace
}  // namespace policykb

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t i = 0; i < size && i < 200; ++i) {
    text += policykb::kPieces[data[i] % std::size(policykb::kPieces)];
  }
  // The last block of reasoning, with its opening mark missing or not, hides all before it under
  // kUnknown unless an answer was under way already; without any mark in `text` that is certain.
  const bool has_marks = text.find_first_of("<[\xE2") != std::string::npos;
  if (!has_marks) text = std::string(policykb::kSecret) + text + "</think>" + text;
  const policykb::Outcome whole = policykb::Filter(text, text.size() + 1);
  if (whole.text.find(policykb::kSecret) != std::string::npos) std::abort();
  for (const size_t step : {size_t{1}, size_t{2}, size_t{7}}) {
    const policykb::Outcome parts = policykb::Filter(text, step);
    if (parts.failed) continue;
    // White space may have been handed on before a mark that drops what stands before it.
    if (policykb::WithoutSpaces(parts.text) != policykb::WithoutSpaces(whole.text)) std::abort();
  }
  return 0;
}
