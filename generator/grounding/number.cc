#include "generator/grounding/number.h"

#include <algorithm>
#include <utility>

#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Digits around a point, moved by `power` places: ("1", "5", 4) is 15000.
std::string MakeDecimal(std::string whole, std::string fraction, int power) {
  for (; power > 0; --power) {
    whole += fraction.empty() ? '0' : fraction.front();
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  const size_t first = std::min(whole.find_first_not_of('0'), whole.size() - 1);
  whole.erase(0, first);
  return fraction.empty() ? whole : Cat(whole, ".", fraction);
}

class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : text_(text) {}

  std::optional<Number> Read() const { return IsDigit(At(0)) ? ReadAscii() : ReadChinese(); }

 private:
  std::string_view From(size_t at) const { return text_.substr(std::min(at, text_.size())); }
  char At(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::optional<Number> ReadAscii() const {
    Number number{.ascii = true};
    size_t end = 0;
    while (IsDigit(At(end))) ++end;
    std::string whole(text_.substr(0, end));
    while (At(end) == ',' && IsDigit(At(end + 1)) && IsDigit(At(end + 2)) && IsDigit(At(end + 3)) &&
           !IsDigit(At(end + 4)) && whole.size() <= 15) {
      whole += text_.substr(end + 1, 3);
      end += 4;
    }
    std::string fraction;
    if (At(end) == '.' && IsDigit(At(end + 1))) {
      size_t last = end + 1;
      while (IsDigit(At(last))) ++last;
      fraction = text_.substr(end + 1, last - end - 1);
      end = last;
    }
    int power = 0;
    for (const auto& [name, places] :
         {std::pair<std::string_view, int>{"十", 1}, std::pair<std::string_view, int>{"百", 2},
          std::pair<std::string_view, int>{"千", 3}, std::pair<std::string_view, int>{"万", 4},
          std::pair<std::string_view, int>{"亿", 8}}) {
      if (!From(end).starts_with(name)) continue;
      power = places;
      end += name.size();
      if (places < 4 && From(end).starts_with("万")) {
        power += 4;
        end += std::string_view("万").size();
      }
      break;
    }
    // Mixed forms such as 3 wan 5 qian.
    if (fraction.empty() && power > 0) {
      if (const auto mixed = ConsumeNumeral(text_); mixed && mixed->size > end) {
        number.value = std::to_string(mixed->value);
        number.integer = mixed->value;
        number.size = mixed->size;
        return number;
      }
    }
    number.value = MakeDecimal(std::move(whole), std::move(fraction), power);
    number.size = end;
    if (number.value.size() <= 15 && number.value.find('.') == std::string::npos) {
      number.integer = std::stoll(number.value);
    }
    return number;
  }

  std::optional<Number> ReadChinese() const {
    if (static_cast<unsigned char>(At(0)) < 0xE0) return std::nullopt;
    const auto numeral = ConsumeNumeral(text_);
    if (!numeral) return std::nullopt;
    Number number{.value = std::to_string(numeral->value),
                  .size = numeral->size,
                  .one_char = CountChars(text_.substr(0, numeral->size)) == 1,
                  .integer = numeral->value};
    // san dian wu: digits behind the point one by one.
    if (size_t end = number.size; From(end).starts_with("点")) {
      end += std::string_view("点").size();
      std::string fraction;
      while (const auto digit = ConsumeOneDigit(end)) {
        fraction += static_cast<char>('0' + digit->value);
        end += digit->size;
      }
      if (!fraction.empty() && !From(end).starts_with("分")) {
        number.value = MakeDecimal(number.value, fraction, 0);
        number.integer = -1;
        number.size = end;
        number.one_char = false;
      }
    }
    return number;
  }

  std::optional<NumeralPrefix> ConsumeOneDigit(size_t at) const {
    if (at >= text_.size()) return std::nullopt;
    const std::string_view one = text_.substr(at, DecodeChar(text_, at).size);
    const auto value = ParseNumeral(one);
    if (!value || *value > 9) return std::nullopt;
    return NumeralPrefix{*value, one.size()};
  }

  std::string_view text_;
};

}  // namespace

std::optional<Number> ConsumeNumber(std::string_view text) { return NumberReader(text).Read(); }

}  // namespace policykb
