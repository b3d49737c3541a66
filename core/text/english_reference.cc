#include "core/text/english_reference.h"

#include <array>

#include "core/text/reference_scan.h"

namespace policykb {

using std::string_view;

namespace {

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

bool IsAcronym(string_view word) {
  constexpr size_t kShortest = 3;
  if (word.size() < kShortest || IsOneOf(kEnglishLegalWords, word) ||
      IsOneOf(kEnglishStops, word)) {
    return false;
  }
  for (const char c : word) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

bool IsWordByte(char c) {
  return IsAsciiAlnum(c) || c == '\'' || c == '-' || c == '&' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

}  // namespace

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
  const char letter = LowerAscii(text[label.size]);
  if (letter < 'a' || letter > 'z' || !at_end(label.size + 1)) return std::nullopt;
  label.article.suffix = letter - 'a' + 1;
  ++label.size;
  return label;
}

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
  bool capitals = start < text.size() && text[start] >= 'A' && text[start] <= 'Z';
  size_t capitals_end = start;  // of what was accepted before words without capitals
  for (int words = 0; words < 24 && i < text.size(); ++words) {
    size_t end = i;
    while (end < text.size() && IsWordByte(text[end])) ++end;
    if (end == i) break;
    const string_view word = text.substr(i, end - i);
    const bool joining = IsOneOf(kEnglishJoining, word);
    if (words == 0 && IsOneOf(kEnglishStops, word)) return {{}, at};
    if (capitals && !joining && LowerAscii(word[0]) == word[0] &&
        !IsOneOf(kEnglishLegalWords, word)) {
      // "Cangning noise regulations": part of the title if a word for a legal text comes yet.
      const bool goes_on = !names_legal_word && !IsOneOf(kEnglishStops, word) &&
                           !IsAcronym(text.substr(start, accepted - start));
      if (!goes_on) break;
      capitals = false;
      capitals_end = accepted;
    }
    if (!capitals && (names_legal_word || (capitals_end > start && IsOneOf(kEnglishStops, word))))
      break;
    if (!joining) {
      accepted = end;
      names_legal_word = names_legal_word || IsOneOf(kEnglishLegalWords, word);
    }
    if (end >= text.size() || text[end] != ' ') break;
    i = SkipSpaces(text, end);
  }
  if (!capitals && !names_legal_word) accepted = capitals_end;
  if (accepted == start) return {{}, at};
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
    // "PIPL Article 12": an acronym is the whole title.
    if (words == 0 && IsAcronym(word)) return {word, word_start};
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

size_t ReadEnglishPlace(string_view text, size_t at, ProvisionReference& reference) {
  const auto bracketed = [&text](size_t from) -> std::optional<NumberInText> {
    if (text.substr(from, 1) != "(") return std::nullopt;
    if (const auto number = NumberAt(text, from + 1)) {
      if (text.substr(number->end, 1) == ")") return NumberInText{number->value, number->end + 1};
    }
    const char letter = from + 1 < text.size() ? LowerAscii(text[from + 1]) : '\0';
    if (letter >= 'a' && letter <= 'z' && text.substr(from + 2, 1) == ")") {
      return NumberInText{letter - 'a' + 1, from + 3};
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

}  // namespace policykb
