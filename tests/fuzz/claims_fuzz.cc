// Model text against a passage: claims split the same wherever the text is cut, and every citation
// is the bytes of its span.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "generator/grounding/claim_splitter.h"
#include "generator/grounding/grounder.h"

namespace policykb {
namespace {

std::vector<Claim> Split(std::string_view text, size_t cut) {
  ClaimSplitter splitter;
  std::vector<Claim> claims = splitter.Add(text.substr(0, cut));
  for (Claim& claim : splitter.Add(text.substr(cut))) claims.push_back(std::move(claim));
  for (Claim& claim : splitter.Finish()) claims.push_back(std::move(claim));
  return claims;
}

void Check(std::string_view passage_text, std::string_view answer, size_t cut) {
  v1::Passage passage;
  passage.set_name("documents/a/provisions/art1");
  passage.set_text(std::string(passage_text));
  passage.mutable_span()->set_start(10);
  const std::vector<const v1::Passage*> hits = {&passage, &passage};
  CitationList citations;
  Grounder grounder(GroundingPolicy::kFlag, hits, citations);
  for (const Claim& claim : Split(answer, cut)) grounder.Check(claim);
  for (const v1::Citation& citation : citations.all()) {
    const auto start = static_cast<size_t>(citation.span().start() - 10);
    const auto end = static_cast<size_t>(citation.span().end() - 10);
    if (end > passage_text.size() || start >= end) std::abort();
    if (passage_text.substr(start, end - start) != citation.quote()) std::abort();
  }
}

}  // namespace
}  // namespace policykb

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3 || size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t half = data[0] * text.size() / 256;
  const std::string_view answer = text.substr(half);
  policykb::Check(text.substr(0, half), answer, data[1] * answer.size() / 256);
  // A text that is also its own passage.
  policykb::Check(answer, answer, 0);
  return 0;
}
