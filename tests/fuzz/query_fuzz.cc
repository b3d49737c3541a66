// Fuzz target: a question of any bytes, read as a search reads it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "core/text/answer_kind.h"
#include "retriever/query.h"
#include "retriever/synonyms.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!policykb::CheckQueryText(text).ok()) return 0;
  const policykb::ParsedQuery query = policykb::ParseQuery(text);
  std::set<std::string> terms;
  for (const policykb::QueryTerm& term : query.terms) {
    Require(!term.text.empty() && term.text.size() <= 64);
    Require(terms.insert(term.text).second);
    Require(term.count > 0 && term.weight > 0 && term.weight <= 1);
  }
  policykb::AskedKinds(text);
  static const policykb::SynonymTable everyday(nullptr, policykb::EverydayWordUse::kUse);
  for (const policykb::Expansion& expansion : everyday.Find(text)) {
    Require(!expansion.word.empty());
    for (const std::string& synonym : expansion.synonyms) Require(!synonym.empty());
  }
  return 0;
}
