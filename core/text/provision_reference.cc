#include "core/text/provision_reference.h"

#include <tuple>
#include <utility>

#include "core/base/strings.h"
#include "core/text/document_title.h"
#include "core/text/english_reference.h"
#include "core/text/numerals.h"
#include "core/text/reference_scan.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using std::string_view;

// Longest title that is looked for, in bytes: the longest official titles have about 90 characters.
constexpr size_t kMaxTitleBytes = 400;

// "tiao" with its "zhi M" behind the number; `at` is behind the number.
std::optional<ArticleLabelPrefix> FinishChineseArticle(string_view text, NumberInText number) {
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
  if (!spaced || spaced->value > kMaxReferenceNumber) return std::nullopt;
  return FinishChineseArticle(text, {spaced->value, at + spaced->size});
}

// Words that make a legal word point to a text named elsewhere: ben fa, gai tiao li.
constexpr string_view kPointing[] = {"本",   "该",   "上述", "前述", "前款", "有关", "相关",
                                     "其他", "这个", "这部", "那个", "下列", "上列"};

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
  const auto numbered = [&text](size_t from, string_view unit) -> std::optional<NumberInText> {
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
    return NumberInText{number->value, i + unit.size()};
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
      reference.in_marks = !title.empty() && text.substr(start, 3) == "《";
    }
    if (bare && reference.title.empty()) {
      at += step;
      continue;
    }
    if (reference.title.empty() && !found.empty() && IsListLink(text.substr(floor, at - floor))) {
      reference.title = found.back().title;
      reference.in_marks = found.back().in_marks;
    }
    reference.span = MakeSpan(start, end);
    found.push_back(std::move(reference));
    floor = end;
    at = end;
  }
  return found;
}

}  // namespace policykb
