// Any text: quantities stand in order in it, agree with themselves, and leave a text of the same
// length when they are masked; what is the same text does not differ in place.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "generator/grounding/evidence.h"
#include "generator/grounding/in_place.h"
#include "generator/grounding/titles.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 1 || size > 2048) return 0;
  const std::string_view raw(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string text = policykb::NormalizeForGrounding(raw);
  const std::vector<policykb::Quantity> quantities = policykb::FindQuantities(text);
  size_t end = 0;
  for (const policykb::Quantity& quantity : quantities) {
    if (quantity.span.start < end || quantity.span.end > text.size()) std::abort();
    if (quantity.span.empty() || !policykb::Agrees(quantity, quantity)) std::abort();
    end = quantity.span.end;
  }
  if (policykb::MaskQuantities(text, quantities).size() != text.size()) std::abort();
  for (const policykb::NamedTitle& title : policykb::FindTitles(text)) {
    if (title.span.end > text.size() || title.span.empty()) std::abort();
    if (!policykb::MeansTitle(title.title, title.title)) std::abort();
  }
  const policykb::Difference same =
      policykb::FindDifferenceInPlace(text, quantities, text, quantities);
  if (same != policykb::Difference::kNone && same != policykb::Difference::kTooLong) std::abort();
  // Two halves against each other.
  const size_t half = data[0] * text.size() / 256;
  const std::string first = policykb::NormalizeForGrounding(std::string_view(text).substr(0, half));
  policykb::FindDifferenceInPlace(first, policykb::FindQuantities(first), text, quantities);
  return 0;
}
