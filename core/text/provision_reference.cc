#include "core/text/provision_reference.h"

#include <array>
#include <cctype>
#include <tuple>
#include <utility>

#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using std::string_view;

// Longest title that is looked for, in bytes: the longest official titles have about 90 characters.
constexpr size_t kMaxTitleBytes = 400;
constexpr int64_t kMaxNumber = 99'999;

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

// Start of the character that ends at `at`. REQUIRES: at > 0.
size_t PreviousChar(string_view text, size_t at) { return FloorToChar(text, at - 1); }

struct Number {
  int64_t value = 0;
  size_t end = 0;
};

std::optional<Number> NumberAt(string_view text, size_t at) {
  const auto numeral = ConsumeNumeral(text.substr(at));
  if (!numeral || numeral->value > kMaxNumber) return std::nullopt;
  return Number{numeral->value, at + numeral->size};
}

bool IsAsciiAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool EqualsIgnoreCase(string_view a, string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (Lower(a[i]) != Lower(b[i])) return false;
  }
  return true;
}

// "tiao" with its "zhi M" behind the number; `at` is behind the number.
std::optional<ArticleLabelPrefix> FinishChineseArticle(string_view text, Number number) {
  size_t at = SkipSpaces(text, number.end);
  if (text.substr(at, 3) != "条") return std::nullopt;
  at += 3;
  ArticleLabelPrefix label{{number.value, 0}, at};
  const size_t behind = SkipSpaces(text, at);
  if (text.substr(behind, 3) == "之") {
    if (const auto suffix = NumberAt(text, behind + 3); suffix && suffix->value > 0) {
      label.article.suffix = suffix->value;
      label.size = suffix->end;
    }
  }
  return label;
}

std::optional<ArticleLabelPrefix> ConsumeChineseLabel(string_view text) {
  if (!text.starts_with("第")) return std::nullopt;
  const size_t at = SkipSpaces(text, 3);
  const auto number = NumberAt(text, at);
  if (!number) return std::nullopt;
  if (auto label = FinishChineseArticle(text, *number)) return label;
  if (SkipSpaces(text, number->end) == number->end) return std::nullopt;
  const auto spaced = ConsumeSpacedNumeral(text.substr(at));
  if (!spaced || spaced->value > kMaxNumber) return std::nullopt;
  return FinishChineseArticle(text, {spaced->value, at + spaced->size});
}

std::optional<ArticleLabelPrefix> ConsumeEnglishLabel(string_view text) {
  static constexpr std::array<string_view, 5> kWords = {"article", "section", "art.", "sec.", "§"};
  size_t at = 0;
  for (const string_view word : kWords) {
    if (EqualsIgnoreCase(text.substr(0, word.size()), word)) at = word.size();
  }
  if (at == 0 && EqualsIgnoreCase(text.substr(0, 4), "art ")) at = 3;
  if (at == 0) return std::nullopt;
  const bool needs_space = IsAsciiAlnum(text[at - 1]);
  const size_t digits = SkipSpaces(text, at);
  if ((needs_space && digits == at) || digits >= text.size() || text[digits] < '0' ||
      text[digits] > '9') {
    return std::nullopt;
  }
  const auto number = NumberAt(text, digits);
  if (!number) return std::nullopt;
  ArticleLabelPrefix label{{number->value, 0}, number->end};
  const auto at_end = [&text](size_t from) {
    return from >= text.size() || !IsAsciiAlnum(text[from]);
  };
  if (at_end(label.size)) {
    const bool joined = label.size + 1 < text.size() && IsAsciiAlnum(text[label.size + 1]);
    if (joined && text[label.size] == '.') return std::nullopt;
    if (joined && text[label.size] == '-') {
      const auto suffix = NumberAt(text, label.size + 1);
      if (suffix && suffix->value > 0 && at_end(suffix->end)) {
        label.article.suffix = suffix->value;
        label.size = suffix->end;
      }
    }
    return label;
  }
  const char letter = Lower(text[label.size]);
  if (letter < 'a' || letter > 'z' || !at_end(label.size + 1)) return std::nullopt;
  label.article.suffix = letter - 'a' + 1;
  ++label.size;
  return label;
}

// Endings of the titles of legal texts; longer ones first where one ends in another.
constexpr string_view kLegalWords[] = {
    "法典", "条例", "办法", "规定",   "细则", "解释", "决定", "通知", "意见", "规则", "规程",
    "准则", "章程", "宪法", "修正案", "标准", "规范", "守则", "导则", "公约", "协定", "公告",
    "批复", "制度", "指引", "指南",   "方案", "纲要", "命令", "复函", "法"};

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

// Words that make a legal word point to a text named elsewhere: ben fa, gai tiao li.
constexpr string_view kPointing[] = {"本",   "该",   "上述", "前述", "前款", "有关", "相关",
                                     "其他", "这个", "这部", "那个", "下列", "上列"};

string_view LegalWordAtEnd(string_view run) {
  for (const string_view word : kLegalWords) {
    if (run.ends_with(word)) return word;
  }
  return {};
}

// `run` without the words before a title.
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

// The title that a run of title characters ends in; empty when there is none.
string_view BareTitle(string_view run) {
  // Fa dian with one of its books behind it.
  if (run.ends_with("编")) {
    const size_t code = run.rfind("法典");
    if (code != string_view::npos) run = run.substr(0, code + string_view("法典").size());
  }
  string_view core = run;
  // "jie shi (yi)", "ban fa (shi xing)" and "jie shi san" keep what follows the legal word.
  if (core.ends_with("）") || core.ends_with(")")) {
    const size_t wide = core.rfind("（"), ascii = core.rfind('(');
    const size_t open = wide == string_view::npos ? ascii : wide;
    if (open == string_view::npos) return {};
    const size_t open_size = open == wide ? 3 : 1;
    const size_t close_size = core.ends_with(")") ? 1 : 3;
    if (open + open_size + close_size > core.size()) return {};
    const string_view inside =
        core.substr(open + open_size, core.size() - close_size - open - open_size);
    core = core.substr(0, open);
    if (!ParseNumeral(inside) && inside != "试行" && inside != "暂行") run = core;
  } else if (core.size() > 3 && LegalWordAtEnd(core).empty() &&
             ParseNumeral(core.substr(PreviousChar(core, core.size())))) {
    core = core.substr(0, PreviousChar(core, core.size()));
  }
  const string_view word = LegalWordAtEnd(core);
  if (word.empty()) return {};
  const string_view before = core.substr(0, core.size() - word.size());
  if (before == "同" || before == "其" || before == "此") return {};
  if (!before.ends_with("基本")) {
    for (const string_view pointing : kPointing) {
      if (before.ends_with(pointing) && !(pointing == "本" && before.ends_with("日本"))) return {};
    }
  }
  const string_view title = StripLead(run);
  if (title.size() <= word.size() && word != "宪法" && word != "法典") return {};
  return core.data() + core.size() - word.size() < title.data() ? string_view() : title;
}

bool IsTitleChar(char32_t code) {
  return IsHan(code) || code == U'(' || code == U')' || code == 0xFF08 || code == 0xFF09 ||
         code == 0x00B7 || code == 0x3001;
}

// The title that ends before `end`, with the offset where it begins. `floor` is where the previous
// reference ended.
std::pair<string_view, size_t> TitleBefore(string_view text, size_t floor, size_t end) {
  if (end > floor + kMaxTitleBytes) floor = FloorToChar(text, end - kMaxTitleBytes);
  size_t at = SkipSpacesBackward(text, end, floor);
  for (const string_view link : {"中的", "里的", "规定的", "的", "中", "里", "，", "、", ","}) {
    if (at >= floor + link.size() && text.substr(at - link.size(), link.size()) == link) {
      at = SkipSpacesBackward(text, at - link.size(), floor);
      break;
    }
  }
  // A remark in brackets behind the book marks.
  size_t marks_end = at;
  const string_view before = text.substr(floor, at - floor);
  if (before.ends_with("）")) {
    const size_t open = before.rfind("》（");
    if (open != string_view::npos) marks_end = floor + open + 3;
  }
  if (marks_end >= floor + 3 && text.substr(marks_end - 3, 3) == "》") {
    int depth = 0;
    for (size_t i = marks_end; i >= floor + 3;) {
      i = PreviousChar(text, i);
      if (text.substr(i, 3) == "》") ++depth;
      if (text.substr(i, 3) == "《" && --depth == 0) {
        return {text.substr(i + 3, marks_end - i - 6), i};
      }
      if (i < floor + 3) break;
    }
    return {{}, end};
  }
  size_t start = at;
  while (start > floor) {
    const size_t previous = PreviousChar(text, start);
    if (previous < floor || !IsTitleChar(DecodeChar(text, previous).code)) break;
    start = previous;
  }
  string_view run = text.substr(start, at - start);
  // In an enumeration of titles the last one counts; "guan yu" titles have commas of their own.
  const size_t comma = run.rfind("、");
  if (comma != string_view::npos && run.find("关于") == string_view::npos)
    run = run.substr(comma + 3);
  const string_view title = BareTitle(run);
  if (title.empty()) return {{}, end};
  return {title, static_cast<size_t>(title.data() - text.data())};
}

// "di N kuan", "di (N) xiang" and their short forms behind an article.
size_t ReadPlaceBehind(string_view text, size_t at, ProvisionReference& reference) {
  size_t next = SkipSpaces(text, at);
  const auto numbered = [&text](size_t from, string_view unit) -> std::optional<Number> {
    size_t i = from;
    bool ordinal = false;
    if (text.substr(i, 3) == "第") {
      ordinal = true;
      i = SkipSpaces(text, i + 3);
    }
    const bool wide = text.substr(i, 3) == "（";
    const bool bracket = wide || text.substr(i, 1) == "(";
    if (!ordinal && !bracket) return std::nullopt;
    if (bracket) i += wide ? 3 : 1;
    auto number = NumberAt(text, i);
    if (!number) return std::nullopt;
    i = number->end;
    if (bracket) {
      if (text.substr(i, 3) == "）") {
        i += 3;
      } else if (text.substr(i, 1) == ")") {
        ++i;
      } else {
        return std::nullopt;
      }
    }
    if (text.substr(i, unit.size()) != unit) return std::nullopt;
    return Number{number->value, i + unit.size()};
  };
  if (const auto paragraph = numbered(next, "款")) {
    reference.paragraph = paragraph->value;
    at = paragraph->end;
    next = SkipSpaces(text, at);
  }
  if (text.substr(next, 3) == "的") next += 3;
  if (const auto item = numbered(next, "项")) {
    reference.item = item->value;
    at = item->end;
  }
  return at;
}

// Words between two labels that make the second one belong to the title of the first.
bool IsListLink(string_view between) {
  between = StripAsciiSpace(between);
  for (const string_view link : {"、", "和", "与", "及", "或", "至", "到", "以及", "或者", "，",
                                 ",", "and", "or", "-", "~", "—"}) {
    if (between == link) return true;
  }
  return false;
}

// English.
// ---------------------------------------------------------------------------------------------------------

constexpr string_view kEnglishLegalWords[] = {
    "law",   "act",      "regulations", "regulation",     "rules",           "rule",
    "code",  "measures", "provisions",  "ordinance",      "decree",          "constitution",
    "order", "notice",   "directive",   "interpretation", "interpretations", "statute"};
constexpr string_view kEnglishJoining[] = {
    "of", "on", "for", "the", "in", "to", "and", "concerning", "governing", "regarding", "&", "s"};
constexpr string_view kEnglishStops[] = {
    "what", "does", "do",    "is",      "are",   "under",  "in",   "per",      "according", "to",
    "see",  "say",  "says",  "explain", "which", "how",    "show", "me",       "about",     "by",
    "with", "and",  "or",    "tell",    "find",  "please", "can",  "violates", "from",      "at",
    "this", "that", "these", "the",     "of",    "a",      "an"};

template <size_t N>
bool IsOneOf(const string_view (&words)[N], string_view word) {
  for (const string_view candidate : words) {
    if (EqualsIgnoreCase(candidate, word)) return true;
  }
  return false;
}

bool IsWordByte(char c) {
  return IsAsciiAlnum(c) || c == '\'' || c == '-' || c == '&' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

// " of the Labour Law" behind an article: the title and where it ends.
std::pair<string_view, size_t> EnglishTitleBehind(string_view text, size_t at) {
  size_t i = SkipSpaces(text, at);
  for (const string_view word : {"of", "the"}) {
    if (!EqualsIgnoreCase(text.substr(i, word.size()), word) || i + word.size() >= text.size() ||
        text[i + word.size()] != ' ') {
      if (word == "of") return {{}, at};
      continue;
    }
    i = SkipSpaces(text, i + word.size());
  }
  const size_t start = i;
  size_t accepted = start;
  bool names_legal_word = false;
  const bool capitals = start < text.size() && text[start] >= 'A' && text[start] <= 'Z';
  for (int words = 0; words < 24 && i < text.size(); ++words) {
    size_t end = i;
    while (end < text.size() && IsWordByte(text[end])) ++end;
    if (end == i) break;
    const string_view word = text.substr(i, end - i);
    const bool joining = IsOneOf(kEnglishJoining, word);
    if (words == 0 && IsOneOf(kEnglishStops, word)) return {{}, at};
    if (capitals && !joining && Lower(word[0]) == word[0] && !IsOneOf(kEnglishLegalWords, word))
      break;
    if (!capitals && names_legal_word) break;
    if (!joining) {
      accepted = end;
      names_legal_word = names_legal_word || IsOneOf(kEnglishLegalWords, word);
    }
    if (end >= text.size() || text[end] != ' ') break;
    i = SkipSpaces(text, end);
  }
  if (accepted == start || (!capitals && !names_legal_word)) return {{}, at};
  return {text.substr(start, accepted - start), accepted};
}

// "Labour Law, " before an article: the title and where it begins.
std::pair<string_view, size_t> EnglishTitleBefore(string_view text, size_t floor, size_t end) {
  size_t at = SkipSpacesBackward(text, end, floor);
  if (at > floor && text[at - 1] == ',') at = SkipSpacesBackward(text, at - 1, floor);
  const size_t title_end = at;
  size_t start = at;
  for (int words = 0; words < 16 && at > floor; ++words) {
    size_t word_start = at;
    while (word_start > floor && IsWordByte(text[word_start - 1])) --word_start;
    if (word_start == at) break;
    const string_view word = text.substr(word_start, at - word_start);
    if (words == 0 && !IsOneOf(kEnglishLegalWords, word)) return {{}, end};
    const bool capital = word[0] >= 'A' && word[0] <= 'Z';
    const bool title_capital = text[start == title_end ? word_start : start] >= 'A' &&
                               text[start == title_end ? word_start : start] <= 'Z';
    if (title_capital && !capital && !IsOneOf(kEnglishJoining, word)) break;
    if (!title_capital && IsOneOf(kEnglishStops, word)) break;
    if (capital || !IsOneOf(kEnglishJoining, word)) {
      if (IsOneOf(kEnglishStops, word)) break;
      start = word_start;
    }
    at = SkipSpacesBackward(text, word_start, floor);
    if (at == word_start) break;
  }
  if (start == title_end) return {{}, end};
  return {text.substr(start, title_end - start), start};
}

// "(3)", "(3)(b)", ", paragraph 2" behind an English article.
size_t ReadEnglishPlace(string_view text, size_t at, ProvisionReference& reference) {
  const auto bracketed = [&text](size_t from) -> std::optional<Number> {
    if (text.substr(from, 1) != "(") return std::nullopt;
    if (const auto number = NumberAt(text, from + 1)) {
      if (text.substr(number->end, 1) == ")") return Number{number->value, number->end + 1};
    }
    const char letter = from + 1 < text.size() ? Lower(text[from + 1]) : '\0';
    if (letter >= 'a' && letter <= 'z' && text.substr(from + 2, 1) == ")") {
      return Number{letter - 'a' + 1, from + 3};
    }
    return std::nullopt;
  };
  if (const auto first = bracketed(at)) {
    const bool is_letter = IsAsciiAlnum(text[at + 1]) && (text[at + 1] < '0' || text[at + 1] > '9');
    (is_letter ? reference.item : reference.paragraph) = first->value;
    at = first->end;
    if (const auto second = bracketed(at); second && !is_letter) {
      reference.item = second->value;
      at = second->end;
    }
    return at;
  }
  size_t next = at;
  if (text.substr(next, 1) == ",") ++next;
  next = SkipSpaces(text, next);
  for (const string_view word : {"paragraph ", "para. ", "para "}) {
    if (!EqualsIgnoreCase(text.substr(next, word.size()), word)) continue;
    if (const auto number = NumberAt(text, next + word.size())) {
      reference.paragraph = number->value;
      return number->end;
    }
  }
  return at;
}

// Characters of an organ's short form before a bracketed year or an order's "ling".
string_view OrganBefore(string_view text, size_t floor, size_t end) {
  size_t start = end;
  for (int chars = 0; chars < 40 && start > floor; ++chars) {
    const size_t previous = PreviousChar(text, start);
    const char32_t code = DecodeChar(text, previous).code;
    // A comma joins the organs of one order.
    if (previous < floor || !(IsHan(code) || code == 0x3001)) break;
    start = previous;
  }
  string_view organ = text.substr(start, end - start);
  for (const string_view word :
       {"文号", "文件", "发布的", "印发的", "公布的", "下发的", "已经", "已由", "以"}) {
    const size_t at = organ.rfind(word);
    if (at != string_view::npos) organ.remove_prefix(at + word.size());
  }
  organ = StripLead(organ);
  while (organ.starts_with("、")) organ.remove_prefix(string_view("、").size());
  if (organ.starts_with("中华人民共和国")) {
    organ.remove_prefix(string_view("中华人民共和国").size());
  }
  return organ;
}

}  // namespace

std::optional<ArticleLabelPrefix> ConsumeArticleLabel(string_view text) {
  if (text.empty()) return std::nullopt;
  if (auto label = ConsumeChineseLabel(text)) return label;
  return ConsumeEnglishLabel(text);
}

std::string ArticleAddress(ArticleNumber article) {
  if (article.suffix == 0) return Cat("art", article.number);
  return Cat("art", article.number, "-", article.suffix);
}

std::vector<ProvisionReference> FindProvisionReferences(string_view text) {
  std::vector<ProvisionReference> found;
  size_t floor = 0;  // end of the reference before
  for (size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t step = DecodeChar(text, at).size;
    std::optional<ArticleLabelPrefix> label;
    bool english = false;
    bool bare = false;
    if (byte == 0xE7 || byte == 0xC2 || byte == 'A' || byte == 'a' || byte == 'S' || byte == 's') {
      english = text.substr(at, 3) != "第";
      const bool word_start = at == 0 || !IsAsciiAlnum(text[at - 1]);
      if (!english || word_start) label = ConsumeArticleLabel(text.substr(at));
    }
    if (!label && (byte >= 0xE3 || (byte >= '0' && byte <= '9'))) {
      // A number without "di": a reference only behind a title.
      if (const auto number = NumberAt(text, at)) {
        label = FinishChineseArticle(text, *number);
        bare = label.has_value();
        if (!label) {
          at = number->end;
          continue;
        }
        english = false;
      }
    }
    if (!label) {
      at += step;
      continue;
    }
    ProvisionReference reference;
    reference.article = label->article;
    // A number without "di" was measured from its own beginning.
    size_t end = bare ? label->size : at + label->size;
    size_t start = at;
    if (english) {
      end = ReadEnglishPlace(text, end, reference);
      auto [title, title_end] = EnglishTitleBehind(text, end);
      if (!title.empty()) {
        end = title_end;
      } else {
        std::tie(title, start) = EnglishTitleBefore(text, floor, at);
      }
      reference.title = title;
    } else {
      end = ReadPlaceBehind(text, end, reference);
      string_view title;
      std::tie(title, start) = TitleBefore(text, floor, at);
      reference.title = title;
    }
    if (bare && reference.title.empty()) {
      at += step;
      continue;
    }
    if (reference.title.empty() && !found.empty() && IsListLink(text.substr(floor, at - floor))) {
      reference.title = found.back().title;
    }
    reference.span = MakeSpan(start, end);
    found.push_back(std::move(reference));
    floor = end;
    at = end;
  }
  return found;
}

std::vector<DocumentNumber> FindDocumentNumbers(string_view text) {
  static constexpr std::pair<string_view, string_view> kBrackets[] = {
      {"〔", "〕"}, {"[", "]"},   {"［", "］"}, {"（", "）"}, {"(", ")"},
      {"【", "】"}, {"〖", "〗"}, {"﹝", "﹞"}, {"{", "}"},   {"〈", "〉"}};
  std::vector<DocumentNumber> found;
  size_t floor = 0;
  const auto serial_at = [text](size_t from) -> std::optional<Number> {
    size_t i = SkipSpaces(text, from);
    if (text.substr(i, 3) == "第") i = SkipSpaces(text, i + 3);
    const auto number = NumberAt(text, i);
    if (!number) return std::nullopt;
    const size_t end = SkipSpaces(text, number->end);
    if (text.substr(end, 3) != "号") return std::nullopt;
    return Number{number->value, end + 3};
  };
  for (size_t at = 0; at < text.size();) {
    const size_t step = DecodeChar(text, at).size;
    if (text.substr(at, 3) == "令") {
      const size_t next = SkipSpaces(text, at + 3);
      const bool open = text.substr(next, 3) == "（" || text.substr(next, 1) == "(";
      const size_t from = open ? next + (text[next] == '(' ? 1 : 3) : next;
      if (text.substr(SkipSpaces(text, from), 3) == "第") {
        const auto serial = serial_at(from);
        const string_view organ = OrganBefore(text, floor, at + 3);
        if (serial && organ.size() > 3) {
          const size_t start = static_cast<size_t>(organ.data() - text.data());
          found.push_back({Cat(ReplaceAll(organ, "中华人民共和国", ""), "第", serial->value, "号"),
                           MakeSpan(start, serial->end)});
          at = floor = serial->end;
          continue;
        }
      }
      at += step;
      continue;
    }
    bool matched = false;
    for (const auto& [open, close] : kBrackets) {
      if (text.substr(at, open.size()) != open) continue;
      const auto year = NumberAt(text, SkipSpaces(text, at + open.size()));
      if (!year || year->value < 1900 || year->value > 2999) break;
      size_t end = year->end;
      if (text.substr(end, 3) == "年") end += 3;
      end = SkipSpaces(text, end);
      if (text.substr(end, close.size()) != close) break;
      const auto serial = serial_at(end + close.size());
      if (!serial) break;
      const string_view organ = OrganBefore(text, floor, SkipSpacesBackward(text, at, floor));
      if (organ.empty()) break;
      const size_t start = static_cast<size_t>(organ.data() - text.data());
      found.push_back(
          {Cat(organ, "〔", year->value, "〕", serial->value, "号"), MakeSpan(start, serial->end)});
      at = floor = serial->end;
      matched = true;
      break;
    }
    if (!matched) at += step;
  }
  return found;
}

}  // namespace policykb
