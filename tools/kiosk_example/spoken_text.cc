#include "tools/kiosk_example/spoken_text.h"

#include <algorithm>
#include <utility>

#include "core/text/utf8.h"

namespace policykb {
namespace {

using Text = std::u32string_view;

bool IsOneOf(char32_t code, Text all) { return all.find(code) != Text::npos; }
bool IsDigit(char32_t code) { return code >= '0' && code <= '9'; }
bool IsBlank(char32_t code) { return code == ' ' || code == '\t' || code == '\r'; }
bool IsPauseMark(char32_t code) { return IsOneOf(code, U"，。；：、？！,.;:?!"); }

// Full-width letters, digits, percent and dash of ASCII as such; other blanks as spaces.
std::u32string Decoded(std::string_view bytes) {
  std::u32string text;
  for (size_t at = 0; at < bytes.size();) {
    const DecodedChar c = DecodeChar(bytes, at);
    at += c.size;
    const bool is_wide =
        (c.code >= 0xFF10 && c.code <= 0xFF19) || (c.code >= 0xFF21 && c.code <= 0xFF3A) ||
        (c.code >= 0xFF41 && c.code <= 0xFF5A) || c.code == 0xFF05 || c.code == 0xFF0D;
    if (is_wide) {
      text += static_cast<char32_t>(c.code - 0xFEE0);
    } else {
      text += c.code == 0xA0 || c.code == 0x3000 ? U' ' : c.code;
    }
  }
  return text;
}

// Says one text from its beginning to its end.
class Speaker {
 public:
  Speaker(Text text, bool chinese) : text_(text), chinese_(chinese) {}

  std::u32string Say() {
    SkipListMark();
    while (at_ < text_.size()) Step();
    return std::move(said_);
  }

 private:
  enum class Pause { kNone, kBlank, kShort, kLong };

  char32_t At(size_t at) const { return at < text_.size() ? text_[at] : 0; }
  size_t DigitsAt(size_t at) const {
    size_t end = at;
    while (IsDigit(At(end))) ++end;
    return end - at;
  }
  std::u32string Cut(size_t at, size_t count) const {
    return std::u32string(text_.substr(at, count));
  }

  void Rest(Pause pause) { pause_ = std::max(pause_, pause); }
  // A pause is made between words only, and a mark that is there already makes one.
  void Put(char32_t code) {
    const Pause pause = std::exchange(pause_, Pause::kNone);
    if (pause != Pause::kNone && !said_.empty() && !IsPauseMark(code)) {
      if (pause != Pause::kBlank && !IsPauseMark(said_.back())) {
        const bool is_long = pause == Pause::kLong;
        said_ += chinese_ ? (is_long ? U'。' : U'，') : (is_long ? U'.' : U',');
      }
      if (!chinese_) said_ += U' ';
    }
    if (said_.empty() && IsPauseMark(code)) return;
    said_ += code;
  }
  void Put(Text text) {
    for (const char32_t code : text) Put(code);
  }

  void Step() {
    const char32_t code = text_[at_];
    if (SkipCitation() || TakeMoney()) return;
    if (IsDigit(code)) return TakeNumber();
    ++at_;
    if (code == '\n') {
      Rest(Pause::kLong);
      SkipListMark();
    } else if (IsBlank(code)) {
      Rest(chinese_ ? (EndsInProvision() ? Pause::kShort : Pause::kNone) : Pause::kBlank);
    } else if (IsOneOf(code, U"（）()|")) {
      Rest(Pause::kShort);
    } else if (code == U'〔' && DigitsAt(at_) == 4 && At(at_ + 4) == U'〕') {
      Put(Cut(at_, 4));
      Put(U"年");
      at_ += 5;
    } else if (code == U'§' && !chinese_) {
      while (At(at_) == U'§' || IsBlank(At(at_))) ++at_;
      Put(U"section ");
    } else if (IsRange(code)) {
      while (IsOneOf(At(at_), kDashes)) ++at_;
      Put(chinese_ ? U"至" : U" to ");
    } else if (!IsOneOf(code, U"《》〈〉「」『』“”\"【】[]<>〔〕*`#")) {
      Put(code);
    }
  }

  static constexpr Text kDashes = U"-–—~～";

  bool IsRange(char32_t code) const {
    size_t next = at_;
    while (IsOneOf(At(next), kDashes)) ++next;
    if (!IsOneOf(code, kDashes) || !IsDigit(At(next)) || said_.empty()) return false;
    // Letters before a number make it a name, as that of a standard.
    size_t before = said_.size();
    while (before > 0 && (IsDigit(said_[before - 1]) || IsOneOf(said_[before - 1], U". ")))
      --before;
    if (before > 0 && before < said_.size() && said_[before - 1] >= 'A' && said_[before - 1] <= 'Z')
      return false;
    return IsDigit(said_.back()) || IsOneOf(said_.back(), U"%日点分元");
  }

  // Whether "article N" in Chinese was said last.
  bool EndsInProvision() const {
    constexpr size_t kLongest = 10;
    if (said_.empty() || !IsOneOf(said_.back(), U"编章节条款项")) return false;
    const size_t from = said_.size() - std::min(said_.size(), kLongest);
    return Text(said_).substr(from).find(U'第') != Text::npos;
  }

  // "- ", "1. ", and their like at the beginning of a line.
  void SkipListMark() {
    size_t at = at_;
    while (IsBlank(At(at))) ++at;
    const size_t mark = at;
    if (IsOneOf(At(at), U"-*+•·>#")) {
      while (IsOneOf(At(at), U"-*+•·>#")) ++at;
      if (!IsBlank(At(at))) return;
    } else {
      const bool opened = IsOneOf(At(at), U"(（");
      if (opened) ++at;
      const size_t number = at;
      while (IsDigit(At(at)) || IsOneOf(At(at), U"一二三四五六七八九十")) ++at;
      if (at == number || at > number + 3) return;
      const char32_t end = At(at++);
      const bool closes = opened ? IsOneOf(end, U")）") : end == U'、' || IsOneOf(end, U".)）");
      // "3.5 percent" begins with no mark.
      if (!closes || (!opened && end == '.' && !IsBlank(At(at)))) return;
    }
    if (at > mark) at_ = at;
  }

  // [1], [1,2], [^1].
  bool SkipCitation() {
    if (!IsOneOf(text_[at_], U"[【")) return false;
    size_t at = at_ + 1;
    if (At(at) == '^') ++at;
    const size_t first = at;
    while (IsDigit(At(at)) || IsOneOf(At(at), U",，、 ")) ++at;
    if (at == first || !IsDigit(At(first)) || !IsOneOf(At(at), U"]】")) return false;
    at_ = at + 1;
    return true;
  }

  // A sign of money before a number is said behind it.
  bool TakeMoney() {
    struct Sign {
      Text sign, chinese, english;
    };
    static constexpr Sign kSigns[] = {{U"¥", U"元", U" yuan"},
                                      {U"￥", U"元", U" yuan"},
                                      {U"RMB", U"元", U" yuan"},
                                      {U"CNY", U"元", U" yuan"},
                                      {U"$", U"美元", U" dollars"}};
    for (const Sign& sign : kSigns) {
      if (!text_.substr(at_).starts_with(sign.sign)) continue;
      size_t at = at_ + sign.sign.size();
      while (IsBlank(At(at))) ++at;
      if (!IsDigit(At(at))) continue;
      at_ = at;
      Put(PlainNumber());
      Put(chinese_ ? sign.chinese : sign.english);
      return true;
    }
    return false;
  }

  // Digits without commas, and what stands behind a point.
  std::u32string PlainNumber() {
    std::u32string number = Cut(at_, DigitsAt(at_));
    at_ += number.size();
    while (At(at_) == ',' && DigitsAt(at_ + 1) == 3) {
      number += Cut(at_ + 1, 3);
      at_ += 4;
    }
    if (At(at_) == '.' && IsDigit(At(at_ + 1))) {
      const size_t count = 1 + DigitsAt(at_ + 1);
      number += Cut(at_, count);
      at_ += count;
    }
    return number;
  }

  void TakeNumber() {
    if (TakeDate() || (chinese_ && TakeTime()) || TakeTelephone()) return;
    const std::u32string number = PlainNumber();
    const char32_t sign = At(at_);
    if (sign == '%' || sign == U'‰') {
      ++at_;
      if (chinese_) Put(sign == '%' ? U"百分之" : U"千分之");
      Put(number);
      if (!chinese_) Put(sign == '%' ? U" percent" : U" per mille");
    } else {
      Put(number);
    }
  }

  std::u32string WithoutZero(size_t at, size_t count) const {
    return count > 1 && At(at) == '0' ? Cut(at + 1, count - 1) : Cut(at, count);
  }

  bool TakeDate() {
    const char32_t separator = At(at_ + 4);
    if (DigitsAt(at_) != 4 || !IsOneOf(separator, U"-./")) return false;
    const size_t month = at_ + 5, months = DigitsAt(month);
    const size_t day = month + months + 1, days = DigitsAt(day);
    if (months < 1 || months > 2 || At(month + months) != separator || days < 1 || days > 2)
      return false;
    if (chinese_) {
      Put(Cut(at_, 4) + U"年" + WithoutZero(month, months) + U"月" + WithoutZero(day, days) +
          U"日");
    } else {
      Put(Cut(at_, day + days - at_));
    }
    at_ = day + days;
    return true;
  }

  bool TakeTime() {
    const size_t hours = DigitsAt(at_), minute = at_ + hours + 1;
    if (hours > 2 || !IsOneOf(At(minute - 1), U":：") || DigitsAt(minute) != 2) return false;
    Put(WithoutZero(at_, hours) + U"点");
    if (Cut(minute, 2) != U"00") Put(WithoutZero(minute, 2) + U"分");
    at_ = minute + 2;
    return true;
  }

  // Digit by digit, in Chinese the one as yao. Short ones need a word for telephones before them.
  bool TakeTelephone() {
    size_t end = at_;
    std::u32string digits;
    while (IsDigit(At(end)) || (At(end) == '-' && IsDigit(At(end + 1)))) {
      if (IsDigit(At(end))) digits += At(end);
      ++end;
    }
    const bool counts = IsOneOf(At(end), U"元天日年月个人次%.,") && At(end) != 0;
    const bool is_long = (digits.size() >= 10 && digits.size() <= 12 && digits[0] == '0') ||
                         (digits.size() == 11 && digits[0] == '1' && digits[1] >= '3') ||
                         (digits.size() == 10 && digits.starts_with(U"400"));
    const bool is_short = digits.size() >= 3 && digits.size() <= 8 && FollowsTelephoneWord();
    if (counts || (!is_long && !is_short)) return false;
    constexpr Text kSaid = U"零幺二三四五六七八九";
    for (; at_ < end; ++at_) {
      if (IsDigit(text_[at_])) {
        Put(chinese_ ? kSaid[text_[at_] - '0'] : text_[at_]);
        Rest(chinese_ ? Pause::kNone : Pause::kBlank);
      } else {
        Rest(Pause::kShort);
      }
    }
    return true;
  }

  bool FollowsTelephoneWord() const {
    constexpr size_t kFar = 6;
    const Text before = text_.substr(at_ - std::min(at_, kFar), std::min(at_, kFar));
    return before.find(U"电话") != Text::npos || before.find(U'拨') != Text::npos ||
           before.find(U"热线") != Text::npos || before.find(U"致电") != Text::npos;
  }

  const Text text_;
  const bool chinese_;
  size_t at_ = 0;
  std::u32string said_;
  Pause pause_ = Pause::kNone;
};

}  // namespace

std::string SpokenText(std::string_view text) {
  const std::u32string decoded = Decoded(text);
  const bool chinese = std::any_of(decoded.begin(), decoded.end(), [](char32_t code) {
    return IsHan(code) || IsOneOf(code, U"，。；：、？！《》（）");
  });
  std::string said;
  for (const char32_t code : Speaker(decoded, chinese).Say()) AppendUtf8(said, code);
  return said;
}

}  // namespace policykb
