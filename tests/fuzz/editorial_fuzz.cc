// Fuzz target: editorial files. The input is names.toml, synonyms.toml and questions.jsonl, parted
// by zero bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "core/text/phrase.h"
#include "indexer/editorial_files.h"

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::vector<std::string_view> parts = policykb::Split(input, '\0');
  parts.resize(std::max<size_t>(parts.size(), 3));
  const policykb::EditorialFiles files =
      policykb::ParseEditorial({.names = std::string(parts[0]),
                                .synonyms = std::string(parts[1]),
                                .questions = std::string(parts[2])});
  const policykb::Editorial& words = files.editorial;
  Require(words.aliases.size() == files.alias_lines.size());
  Require(words.questions.size() == files.question_lines.size());
  for (const auto& group : words.synonym_groups) {
    Require(group.size() >= 2);
    for (const std::string& word : group) Require(!policykb::PhraseKey(word).empty());
  }
  for (const auto& synonym : words.one_way) {
    Require(!synonym.means.empty() && !policykb::PhraseKey(synonym.word).empty());
  }
  for (const auto& question : words.questions) {
    Require(!question.passages.empty());
    Require(!policykb::ComparableQuestion(question.text).empty());
  }
  for (const std::string& fault : files.faults) {
    Require(fault.find(": line ") != std::string::npos);
    Require(fault.find('\n') == std::string::npos);
  }
  Require(policykb::EditorialDigest(words).empty() == words.empty());
  return 0;
}
