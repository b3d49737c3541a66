#include "core/text/english_stem.h"

namespace policykb {

EnglishStem StemEnglish(std::string_view word) {
  if (word.ends_with("'s")) word.remove_suffix(2);
  if (word.ends_with("'")) word.remove_suffix(1);
  if (word.size() < 4 || !word.ends_with('s')) return {word, ""};
  const auto without = [word](size_t n) { return word.substr(0, word.size() - n); };
  for (const std::string_view suffix : {"sses", "shes", "ches", "xes"}) {
    if (word.ends_with(suffix)) return {without(2), ""};
  }
  if (word.ends_with("ies") && !word.ends_with("eies") && !word.ends_with("aies")) {
    return {without(3), "y"};
  }
  if (word.ends_with("us") || word.ends_with("ss")) return {word, ""};
  // Harman's second rule (es -> e) and third (s -> nothing) both remove the s.
  return {without(1), ""};
}

}  // namespace policykb
