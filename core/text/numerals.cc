#include "core/text/numerals.h"

#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr int64_t kMaxValue = 1'000'000'000'000'000;
constexpr int64_t kTenThousand = 10'000;
constexpr int64_t kHundredMillion = 100'000'000;

enum class Role { kNone, kAsciiDigit, kDigit, kZero, kTens, kUnit, kWan, kYi };

struct Token {
  Role role = Role::kNone;
  int64_t value = 0;
  bool capital = false;  // a financial capital: most of them are everyday words as well
  size_t size = 0;
};

Token Classify(char32_t c) {
  if (c < U'0') return {};
  if (c >= U'0' && c <= U'9') return {Role::kAsciiDigit, static_cast<int64_t>(c - U'0')};
  if (c >= 0xFF10 && c <= 0xFF19) return {Role::kAsciiDigit, static_cast<int64_t>(c - 0xFF10)};
  switch (c) {
    case 0x3007:
    case 0x96F6:
    case 0x25CB:
    case 0x25EF:
      return {Role::kZero, 0};
    case 0x4E00:
      return {Role::kDigit, 1};
    case 0x58F9:
    case 0x58F1:
      return {Role::kDigit, 1, true};
    case 0x4E8C:
    case 0x4E24:
    case 0x5169:
      return {Role::kDigit, 2};
    case 0x8D30:
    case 0x8CB3:
      return {Role::kDigit, 2, true};
    case 0x4E09:
      return {Role::kDigit, 3};
    case 0x53C1:
      return {Role::kDigit, 3, true};
    case 0x56DB:
      return {Role::kDigit, 4};
    case 0x8086:
      return {Role::kDigit, 4, true};
    case 0x4E94:
      return {Role::kDigit, 5};
    case 0x4F0D:
      return {Role::kDigit, 5, true};
    case 0x516D:
      return {Role::kDigit, 6};
    case 0x9646:
    case 0x9678:
      return {Role::kDigit, 6, true};
    case 0x4E03:
      return {Role::kDigit, 7};
    case 0x67D2:
      return {Role::kDigit, 7, true};
    case 0x516B:
      return {Role::kDigit, 8};
    case 0x634C:
      return {Role::kDigit, 8, true};
    case 0x4E5D:
      return {Role::kDigit, 9};
    case 0x7396:
      return {Role::kDigit, 9, true};
    case 0x5EFF:
      return {Role::kTens, 20};
    case 0x5345:
      return {Role::kTens, 30};
    case 0x534C:
      return {Role::kTens, 40};
    case 0x5341:
      return {Role::kUnit, 10};
    case 0x62FE:
      return {Role::kUnit, 10, true};
    case 0x767E:
    case 0x4F70:
      return {Role::kUnit, 100};
    case 0x5343:
    case 0x4EDF:
      return {Role::kUnit, 1000};
    case 0x4E07:
    case 0x842C:
      return {Role::kWan, kTenThousand};
    case 0x4EBF:
    case 0x5104:
      return {Role::kYi, kHundredMillion};
    default:
      return {};
  }
}

Token TokenAt(std::string_view text, size_t at) {
  if (at >= text.size()) return {};
  const DecodedChar decoded = DecodeChar(text, at);
  Token token = Classify(decoded.code);
  token.size = decoded.size;
  return token;
}

// Chinese digits one after the other: a year such as yi jiu jiu ba. REQUIRES: a digit or zero at
// the beginning.
std::optional<NumeralPrefix> ConsumeDigitByDigit(std::string_view text) {
  NumeralPrefix result;
  for (Token token = TokenAt(text, 0); token.role == Role::kDigit || token.role == Role::kZero;
       token = TokenAt(text, result.size)) {
    result.value = result.value * 10 + token.value;
    if (result.value > kMaxValue) return std::nullopt;
    result.size += token.size;
  }
  return result;
}

// ASCII or full-width digits, commas between groups of three left out.
std::optional<NumeralPrefix> ConsumeDigits(std::string_view text) {
  NumeralPrefix result;
  size_t digits = 0;
  for (;;) {
    Token token = TokenAt(text, result.size);
    if (token.role == Role::kAsciiDigit) {
      result.value = result.value * 10 + token.value;
      if (result.value > kMaxValue) return std::nullopt;
      result.size += token.size;
      ++digits;
      continue;
    }
    const auto is_digit = [&](size_t at) {
      return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    const size_t comma = result.size;
    if (digits == 0 || digits > 3 || comma >= text.size() || text[comma] != ',' ||
        !is_digit(comma + 1) || !is_digit(comma + 2) || !is_digit(comma + 3) ||
        is_digit(comma + 4)) {
      return result;
    }
    for (size_t at = comma + 1; at <= comma + 3; ++at) {
      result.value = result.value * 10 + (text[at] - '0');
    }
    if (result.value > kMaxValue) return std::nullopt;
    result.size = comma + 4;
    digits = 3;
  }
}

// Reads digits with their units; `accepted` is what has been read as far as it was grammatical.
class PositionalReader {
 public:
  explicit PositionalReader(std::string_view text) : text_(text) {}

  std::optional<NumeralPrefix> Read() {
    while (Step()) {
    }
    if (accepted_.size == 0) return std::nullopt;
    return accepted_;
  }

 private:
  bool Step() {
    const Token token = TokenAt(text_, at_);
    switch (token.role) {
      case Role::kNone:
        return false;
      case Role::kAsciiDigit:
        return StepDigits();
      case Role::kDigit:
        return StepDigit(token);
      case Role::kZero:
        if (pending_ || zero_ || scale_ == 0) return false;
        zero_ = true;
        at_ += token.size;
        return true;
      case Role::kTens:
        if (pending_ || lowest_ <= 10) return false;
        section_ += token.value;
        return Advance(token, 10);
      case Role::kUnit:
        return StepUnit(token);
      case Role::kWan:
      case Role::kYi:
        return StepMultiplier(token);
    }
    return false;
  }

  bool StepDigits() {
    if (pending_ || section_ != 0) return false;
    const auto digits = ConsumeDigits(text_.substr(at_));
    if (!digits || (scale_ != 0 && digits->value >= scale_)) return false;
    pending_ = digits->value;
    at_ += digits->size;
    return Accept(total_ + above_ + PendingValue());
  }

  bool StepDigit(const Token& token) {
    if (pending_ || lowest_ <= 1) return false;
    pending_ = token.value;
    at_ += token.size;
    return Accept(total_ + above_ + section_ + PendingValue());
  }

  bool StepUnit(const Token& token) {
    if (token.value >= lowest_) return false;
    if (!pending_ && (token.value != 10 || token.capital)) return false;
    const int64_t count = pending_.value_or(1);
    if (count > kMaxValue / token.value) return false;
    section_ += count * token.value;
    return Advance(token, token.value);
  }

  bool StepMultiplier(const Token& token) {
    if (pending_ && !zero_ && (scale_ == 100 || scale_ == 1000)) return false;
    const int64_t section = section_ + pending_.value_or(0);
    const bool is_wan = token.role == Role::kWan;
    const int64_t count = is_wan ? section : above_ + section;
    if (count == 0 || (is_wan ? above_ : total_) != 0) return false;
    if (count > kMaxValue / token.value || count * token.value > kMaxValue - total_) return false;
    if (is_wan) {
      above_ = count * kTenThousand;
    } else {
      total_ = count * kHundredMillion;
      above_ = 0;
    }
    section_ = 0;
    lowest_ = kTenThousand;
    at_ += token.size;
    return Settle(token.value);
  }

  bool Advance(const Token& token, int64_t unit) {
    lowest_ = unit;
    at_ += token.size;
    return Settle(unit);
  }

  bool Settle(int64_t scale) {
    pending_.reset();
    zero_ = false;
    scale_ = scale;
    return Accept(total_ + above_ + section_);
  }

  // "yi bai wu" said for 150: a last digit straight behind a unit counts tenths of it.
  int64_t PendingValue() const {
    return scale_ == 0 || zero_ || *pending_ > 9 ? *pending_ : *pending_ * scale_ / 10;
  }

  bool Accept(int64_t value) {
    if (value > kMaxValue) return false;
    accepted_ = {value, at_};
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  NumeralPrefix accepted_;
  int64_t total_ = 0;               // what stands before yi, multiplied
  int64_t above_ = 0;               // what stands before wan, multiplied
  int64_t section_ = 0;             // below wan so far
  int64_t lowest_ = kTenThousand;   // the last unit of the section; the next one must be smaller
  int64_t scale_ = 0;               // the last unit or multiplier; 0 before the first
  std::optional<int64_t> pending_;  // digits that wait for their unit
  bool zero_ = false;               // a zero stands between the last unit and here
};

// Six is also the word for land, five a surname: one capital alone counts only before what is
// counted.
bool MayFollowLoneCapital(std::string_view rest) {
  static constexpr std::string_view kCounted[] = {"元", "圆", "角", "分", "整", "条", "款",
                                                  "项", "章", "节", "编", "年", "月", "日",
                                                  "个", "人", "次", "倍", "份", "号"};
  if (rest.empty()) return true;
  for (const std::string_view word : kCounted) {
    if (rest.starts_with(word)) return true;
  }
  return false;
}

}  // namespace

std::optional<NumeralPrefix> ConsumeNumeral(std::string_view text) {
  const Token first = TokenAt(text, 0);
  if (first.role == Role::kNone) return std::nullopt;
  if (first.role == Role::kZero) {
    if (text.starts_with("○") || text.starts_with("◯")) return std::nullopt;
    return ConsumeDigitByDigit(text);
  }
  if (first.role == Role::kDigit) {
    const Token second = TokenAt(text, first.size);
    if (second.role == Role::kDigit || second.role == Role::kZero) return ConsumeDigitByDigit(text);
  }
  const auto result = PositionalReader(text).Read();
  if (result && first.capital && result->size == first.size &&
      !MayFollowLoneCapital(text.substr(first.size))) {
    return std::nullopt;
  }
  return result;
}

std::optional<NumeralPrefix> ConsumeSpacedNumeral(std::string_view text) {
  constexpr int kMaxChars = 9;
  constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";
  std::string compact;
  std::optional<NumeralPrefix> result;
  size_t at = 0;
  for (int chars = 0; chars < kMaxChars && at < text.size(); ++chars) {
    const size_t size = DecodeChar(text, at).size;
    compact.append(text.substr(at, size));
    const auto value = ParseNumeral(compact);
    // "yi bai ling" is no numeral yet.
    if (!value && TokenAt(text, at).role == Role::kNone) break;
    at += size;
    if (value) result = NumeralPrefix{*value, at};
    for (;;) {
      if (at < text.size() && text[at] == ' ') {
        ++at;
      } else if (text.substr(at).starts_with(kIdeographicSpace)) {
        at += kIdeographicSpace.size();
      } else {
        break;
      }
    }
  }
  return result;
}

std::optional<int64_t> ParseNumeral(std::string_view text) {
  const auto prefix = ConsumeNumeral(text);
  if (!prefix || prefix->size != text.size()) return std::nullopt;
  return prefix->value;
}

std::string FormatChineseNumeral(int64_t value) {
  static constexpr std::string_view kDigits[] = {"零", "一", "二", "三", "四",
                                                 "五", "六", "七", "八", "九"};
  static constexpr std::string_view kUnits[] = {"千", "百", "十", ""};
  if (value == 0) return "零";
  std::string out;
  const auto append_section = [&out](int64_t section) {
    bool zero = !out.empty() && section < 1000;
    int64_t unit = 1000;
    for (const std::string_view name : kUnits) {
      const int64_t digit = section / unit % 10;
      unit /= 10;
      if (digit == 0) {
        zero = zero || !out.empty();
        continue;
      }
      if (zero) out += "零";
      zero = false;
      if (!(digit == 1 && name == "十" && out.empty())) out += kDigits[digit];
      out += name;
    }
  };
  if (value >= kTenThousand) {
    append_section(value / kTenThousand);
    out += "万";
  }
  if (value % kTenThousand != 0) append_section(value % kTenThousand);
  return out;
}

}  // namespace policykb
