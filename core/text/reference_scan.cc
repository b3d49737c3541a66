#include "core/text/reference_scan.h"

#include <cctype>

#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {

using std::string_view;

namespace {

// Words that may stand before a bare title and are none of it, wherever they stand in the run of
// characters.
constexpr string_view kConnectives[] = {
    "根据", "依据", "依照", "按照",   "违反", "参照",   "触犯", "请问", "知道",
    "查询", "查看", "查找", "理解",   "符合", "以及",   "还是", "或者", "是否",
    "说明", "解读", "引用", "告诉我", "一下", "什么是", "看看", "结合", "援引",
    "参见", "详见", "根據", "依據",   "違反", "由于",   "因为", "如果", "哪条"};

// The same, but only at its beginning: these characters stand inside titles as well.
constexpr string_view kLeadingWords[] = {
    "关于", "适用",   "对于", "我国", "现行", "我们", "那么", "什么", "怎么", "如何", "帮我",
    "其中", "我想问", "想问", "我要", "和",   "与",   "及",   "或",   "对",   "在",   "是",
    "的",   "了",     "请",   "问",   "依",   "按",   "从",   "由",   "见",   "查",   "将",
    "把",   "那",     "新",   "现",   "以",   "至",   "到",   "日"};

}  // namespace

Span MakeSpan(size_t start, size_t end) {
  return {static_cast<uint32_t>(start), static_cast<uint32_t>(end)};
}

size_t SkipSpaces(string_view text, size_t at) {
  for (;;) {
    if (at < text.size() && (text[at] == ' ' || text[at] == '\t')) {
      ++at;
    } else if (text.substr(at, 3) == "　") {
      at += 3;
    } else if (text.substr(at, 2) == "\xC2\xA0") {
      at += 2;
    } else if (text.substr(at, 2) == "\xE2\x80" && at + 2 < text.size() &&
               static_cast<unsigned char>(text[at + 2]) <= 0x8A) {  // U+2000 to U+200A
      at += 3;
    } else {
      return at;
    }
  }
}

size_t SkipSpacesBackward(string_view text, size_t at, size_t floor) {
  for (;;) {
    if (at > floor && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
      --at;
    } else if (at >= floor + 3 && text.substr(at - 3, 3) == "　") {
      at -= 3;
    } else if (at >= floor + 2 && text.substr(at - 2, 2) == "\xC2\xA0") {
      at -= 2;
    } else {
      return at;
    }
  }
}

size_t PreviousChar(string_view text, size_t at) { return FloorToChar(text, at - 1); }

std::optional<NumberInText> NumberAt(string_view text, size_t at) {
  const auto numeral = ConsumeNumeral(text.substr(at));
  if (!numeral || numeral->value > kMaxReferenceNumber) return std::nullopt;
  return NumberInText{numeral->value, at + numeral->size};
}

bool IsAsciiAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
char LowerAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool EqualsIgnoreCase(string_view a, string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (LowerAscii(a[i]) != LowerAscii(b[i])) return false;
  }
  return true;
}

string_view StripLead(string_view run) {
  size_t cut = 0;
  for (const string_view word : kConnectives) {
    const size_t at = run.rfind(word);
    if (at == string_view::npos || at + word.size() <= cut) continue;
    // Inside "guan yu ... de jie shi" such a word belongs to the title.
    if (run.substr(0, at).find("关于") == string_view::npos) cut = at + word.size();
  }
  run.remove_prefix(cut);
  for (bool again = true; again;) {
    again = false;
    for (const string_view word : kLeadingWords) {
      if (!run.starts_with(word) || run.size() == word.size()) continue;
      if (word == "关于" && run.find("的") != string_view::npos) continue;
      run.remove_prefix(word.size());
      again = true;
    }
  }
  return run;
}

}  // namespace policykb
