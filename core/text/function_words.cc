#include "core/text/function_words.h"

#include <string_view>
#include <unordered_set>

#include "core/text/utf8.h"

namespace policykb {

namespace {

// Characters of question words, pronouns, particles and everyday auxiliaries. Negation is not among
// them: it decides.
constexpr std::u32string_view kFunctionCharacters =
    U"的了吗呢么怎什哪谁几啊吧呀哦嘛我你您他她它们这那请问想能会要可以如何为是在有个和与就也都还把"
    U"得到去来给让用说知道办需多少样";

const std::unordered_set<std::string_view>& EnglishFunctionWords() {
  static const std::unordered_set<std::string_view> words = {
      "a",    "an",    "and",   "are",    "as",   "at",    "be",   "been",  "but",   "by",
      "can",  "could", "did",   "do",     "doe",  "does",  "for",  "from",  "get",   "had",
      "has",  "have",  "how",   "i",      "if",   "in",    "into", "is",    "it",    "its",
      "long", "many",  "may",   "me",     "much", "must",  "my",   "need",  "of",    "on",
      "or",   "our",   "shall", "should", "so",   "that",  "the",  "their", "them",  "there",
      "they", "this",  "to",    "was",    "we",   "were",  "what", "when",  "where", "which",
      "who",  "whom",  "why",   "will",   "with", "would", "you",  "your"};
  return words;
}

}  // namespace

bool IsFunctionWord(std::string_view term, TermKind kind) {
  if (kind == TermKind::kWord) return EnglishFunctionWords().contains(term);
  for (size_t at = 0; at < term.size();) {
    const DecodedChar c = DecodeChar(term, at);
    if (kFunctionCharacters.find(c.code) == std::u32string_view::npos) return false;
    at += c.size;
  }
  return true;
}

}  // namespace policykb
