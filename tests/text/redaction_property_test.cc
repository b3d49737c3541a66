// Random numbers of persons in random text never survive redaction; what questions are about does.

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "core/text/digit_run.h"
#include "core/text/personal_number.h"
#include "core/text/redaction.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr int kRounds = 20000;

class Writer {
 public:
  size_t Below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }
  bool Perhaps(double share) { return std::bernoulli_distribution(share)(random_); }
  template <size_t N>
  std::string_view Any(const std::array<std::string_view, N>& choices) {
    return choices[Below(N)];
  }
  std::string Digits(size_t count) {
    std::string text;
    while (text.size() < count) text += static_cast<char>('0' + Below(10));
    return text;
  }

  // Without digits, and without units of amounts at its beginning.
  std::string Text() {
    static constexpr std::array<std::string_view, 24> kPieces = {
        "我的", "身份证", "号码",          "是",     "，", "。", "电话", "请问", "养犬登记", " ",
        "\n",   "how ",   "my number is ", "物业费", "（", "）", "：",   "a",    "办理",     "Z",
        "、",   ",",      "的人",          "/"};
    std::string text;
    for (size_t i = Below(6); i > 0; --i) text += Any(kPieces);
    return text;
  }

  std::string Identity18() {
    static constexpr std::array<std::string_view, 5> kRegions = {"110105", "440305", "650102",
                                                                 "130503", "820000"};
    std::string number = Cat(Any(kRegions), 1930 + Below(90));
    const auto two = [&](size_t value) { number += Cat(value / 10, value % 10); };
    two(1 + Below(12));
    two(1 + Below(28));
    number += Digits(3);
    std::vector<int> digits;
    for (const char c : number) digits.push_back(c - '0');
    const int check = IdentityCheck(digits);
    return check == 10 ? number + "X" : Cat(number, check);
  }
  std::string Identity15() {
    std::string number = "320102";
    number += Cat(3 + Below(6), Below(10), 0, 1 + Below(9), 1, Below(9));
    return number + Digits(3);
  }
  std::string Mobile() { return Cat(1, 3 + Below(7), Digits(9)); }
  std::string Landline() {
    static constexpr std::array<std::string_view, 4> kAreas = {"010", "021", "0755", "0991"};
    const std::string_view area = Any(kAreas);
    return Cat(area, 2 + Below(7), Digits(7));
  }
  std::string Card() {
    std::string number = "62" + Digits(14);
    for (char check = '0'; check <= '9'; ++check) {
      std::vector<int> digits;
      for (const char c : number + check) digits.push_back(c - '0');
      if (PassesLuhn(digits)) return number + check;
    }
    return {};
  }

  // In groups of random lengths, with separators between them, in one of the ways to write digits.
  std::string Written(std::string_view number) {
    static constexpr std::array<std::string_view, 12> kSeparators = {
        " ", "-", "  ", " - ", "－", "　", ".", "/", "·", "_", "\u2014", "\u200B"};
    static constexpr std::array<std::string_view, 10> kWide = {"０", "１", "２", "３", "４",
                                                               "５", "６", "７", "８", "９"};
    static constexpr std::array<std::string_view, 10> kHan = {"零", "一", "二", "三", "四",
                                                              "五", "六", "七", "八", "九"};
    const std::string_view separator = Any(kSeparators);
    const size_t form = Below(4);
    std::string text;
    size_t left = Perhaps(.5) ? number.size() : 2 + Below(5);
    for (size_t i = 0; i < number.size(); ++i) {
      if (left-- == 0) {
        text += separator;
        left = 1 + Below(5);
      }
      const char c = number[i];
      if (c == 'X') {
        text += Perhaps(.5) ? "x" : "X";
      } else if (form == 1) {
        text += kWide[static_cast<size_t>(c - '0')];
      } else if (form == 2) {
        text += kHan[static_cast<size_t>(c - '0')];
      } else {
        text += c;
      }
    }
    return text;
  }

 private:
  std::mt19937_64 random_{20240601};
};

// All digits, whatever stands between them and however they are written.
std::string DigitsOf(const std::string& text) {
  std::string digits;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    if (const auto digit = DigitOf(c.code)) digits += static_cast<char>('0' + *digit);
  }
  return digits;
}

TEST(RedactionPropertyTest, NoDigitOfAPersonsNumberSurvives) {
  Writer writer;
  for (int round = 0; round < kRounds; ++round) {
    const std::array<std::string, 5> numbers = {writer.Identity18(), writer.Identity15(),
                                                writer.Mobile(), writer.Landline(), writer.Card()};
    for (const std::string& number : numbers) {
      const std::string text = writer.Text() + writer.Written(number) + writer.Text();
      const std::string redacted = RedactPersonalNumbers(text);
      ASSERT_EQ(DigitsOf(redacted), "") << text << "\n" << redacted;
      // With points it may be the address of a machine.
      if (text.find('.') == std::string::npos) {
        ASSERT_EQ(DigitsOf(RedactMessage(text)), "") << text;
      }
    }
  }
}

TEST(RedactionPropertyTest, NoAddressSurvives) {
  static constexpr std::array<std::string_view, 6> kSigns = {"@", "＠", " @ ", "@ ", " @", "﹫"};
  static constexpr std::array<std::string_view, 4> kDomains = {"example.com", "mail.example.org.cn",
                                                               "EXAMPLE.NET", "ｅｘａｍｐｌｅ．cn"};
  Writer writer;
  for (int round = 0; round < kRounds; ++round) {
    const std::string name = Cat("xq", writer.Perhaps(.5) ? "." : "_", "w", writer.Digits(4));
    const std::string_view domain = writer.Any(kDomains);
    const std::string text =
        Cat(writer.Text(), "：", name, writer.Any(kSigns), domain, "。", writer.Text());
    const std::string redacted = RedactPersonalNumbers(text);
    ASSERT_EQ(redacted.find("xq"), std::string::npos) << text << "\n" << redacted;
    ASSERT_EQ(redacted.find(domain), std::string::npos) << text << "\n" << redacted;
  }
}

TEST(RedactionPropertyTest, WhatQuestionsAreAboutSurvives) {
  static constexpr std::array<std::string_view, 8> kUnits = {"元", "万元", "亿元",  "平方米",
                                                             "人", "户",   " yuan", "美元"};
  Writer writer;
  for (int round = 0; round < kRounds; ++round) {
    const size_t year = 1949 + writer.Below(100);
    const std::string month = Cat(writer.Below(2), 1 + writer.Below(2));
    const std::string day = Cat(writer.Below(3), 1 + writer.Below(8));
    // No amount begins with 0, 1, 4 or 8: those of ten digits and more can be telephones as well.
    const std::string amount = Cat(5 + writer.Below(3), writer.Digits(writer.Below(8)));
    const std::array<std::string, 14> pieces = {
        Cat("第", 1 + writer.Below(1260), "条"),
        Cat("第", 1000 + writer.Below(260), "-", 1000 + writer.Below(260), "条"),
        Cat("Articles ", 1000 + writer.Below(260), "-", 1000 + writer.Below(260), "?"),
        Cat("第1001、1002、1003、1004条"),
        Cat(year, "-", month, "-", day, "日"),
        Cat(year, ".", month, ".", day, "起"),
        Cat(year, "/", month, "/", day),
        Cat(year, month, day),
        Cat(year, "—", year + 1, "年"),
        Cat(year, "年", month, "月", day, "日"),
        Cat(amount, writer.Any(kUnits)),
        Cat("¥", amount, ".", writer.Digits(2)),
        Cat("国办发〔", year, "〕", writer.Below(20000), "号"),
        Cat("银发(", year, ")", writer.Below(20000), "号"),
    };
    for (const std::string& piece : pieces) {
      const std::string text = Cat("依据", piece, "，可以吗");
      ASSERT_EQ(RedactPersonalNumbers(text), text);
      ASSERT_EQ(RedactMessage(text), text);
    }
  }
}

}  // namespace
}  // namespace policykb
