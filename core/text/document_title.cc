#include "core/text/document_title.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "core/text/analyzer.h"
#include "core/text/normalize.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

using std::string_view;

constexpr string_view kStateName = "中华人民共和国";
constexpr size_t kFewestContractionChars = 3;

// Endings of the titles of legal texts; longer ones first where one ends in another.
constexpr string_view kLegalWords[] = {
    "法典", "条例", "办法", "规定",   "细则", "解释", "决定", "通知", "意见", "规则", "规程",
    "准则", "章程", "宪法", "修正案", "标准", "规范", "守则", "导则", "公约", "协定", "公告",
    "批复", "制度", "指引", "指南",   "方案", "纲要", "命令", "复函", "法"};

// As the analyzer has them.
constexpr string_view kWordsOfNoMatter[] = {"a",
                                            "administration",
                                            "administrative",
                                            "an",
                                            "and",
                                            "china",
                                            "city",
                                            "county",
                                            "concerning",
                                            "for",
                                            "government",
                                            "governing",
                                            "in",
                                            "management",
                                            "of",
                                            "on",
                                            "people",
                                            "prc",
                                            "prefecture",
                                            "prefectural",
                                            "province",
                                            "provincial",
                                            "regarding",
                                            "republic",
                                            "the",
                                            "to",
                                            "municipal"};

}  // namespace

std::string ComparableTitle(string_view title) {
  const std::string normalized = NormalizeForMatch(title);
  std::string comparable;
  for (size_t at = 0; at < normalized.size();) {
    const DecodedChar c = DecodeChar(normalized, at);
    const string_view bytes(normalized.data() + at, c.size);
    at += c.size;
    if (bytes != "《" && bytes != "》" && bytes != "<" && bytes != ">" && bytes != "〈" &&
        bytes != "〉" && bytes != " " && bytes != "\t" && bytes != "\n") {
      comparable += bytes;
    }
  }
  if (comparable.ends_with(")")) {
    const size_t open = comparable.rfind('(');
    // "jie shi (er)" is another text than "jie shi (yi)".
    const bool numbered =
        open != std::string::npos &&
        ParseNumeral(string_view(comparable).substr(open + 1, comparable.size() - open - 2));
    if (open != std::string::npos && open > 0 && !numbered) comparable.resize(open);
  }
  if (comparable.starts_with(kStateName) && comparable.size() > kStateName.size()) {
    comparable.erase(0, kStateName.size());
  }
  return comparable;
}

string_view LegalWordAtEnd(string_view text) {
  for (const string_view word : kLegalWords) {
    if (text.ends_with(word)) return text.substr(text.size() - word.size());
  }
  return {};
}

ShortForm ShortFormOf(string_view name, string_view title) {
  // Most titles begin otherwise.
  if (name.empty() || title.substr(0, 1) != name.substr(0, 1)) return ShortForm::kNone;
  const string_view word = LegalWordAtEnd(name);
  if (word.empty() || word != LegalWordAtEnd(title) || name.size() >= title.size() ||
      CountChars(name) < kFewestContractionChars) {
    return ShortForm::kNone;
  }
  const string_view kept = name.substr(0, name.size() - word.size());
  const string_view whole = title.substr(0, title.size() - word.size());
  if (kept.empty()) return ShortForm::kNone;
  size_t at = 0;
  for (size_t i = 0; i < kept.size();) {
    const string_view c = kept.substr(i, DecodeChar(kept, i).size);
    const size_t found = whole.find(c, at);
    if (found == string_view::npos || (i == 0 && found != 0)) return ShortForm::kNone;
    i += c.size();
    at = found + c.size();
  }
  return whole.find(kept) == string_view::npos ? ShortForm::kContraction : ShortForm::kRun;
}

std::string EnglishTitleKey(string_view title, string_view region) {
  // Characters of three bytes or more, but for punctuation, are of no script that has such titles.
  constexpr unsigned char kFirstBytesBelow = 0xE3;
  if (std::any_of(title.begin(), title.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= kFirstBytesBelow; }))
    return {};
  std::set<std::string, std::less<>> left_out(std::begin(kWordsOfNoMatter),
                                              std::end(kWordsOfNoMatter));
  for (const Term& term : Analyze(region)) left_out.insert(term.text);
  std::set<std::string> words;
  for (Term& term : Analyze(title)) {
    if (!left_out.contains(term.text)) words.insert(std::move(term.text));
  }
  std::string key;
  if (words.size() < 2) return key;
  for (const std::string& word : words) key += word + " ";
  return key;
}

}  // namespace policykb
