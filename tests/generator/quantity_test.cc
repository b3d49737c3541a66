#include "generator/grounding/quantity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/strings.h"
#include "core/text/normalize.h"

namespace policykb {
namespace {

std::vector<Quantity> Read(std::string_view text) {
  return FindQuantities(NormalizeForMatch(text));
}

// A readable form: kind, value, unit, bound.
std::string Show(std::string_view text) {
  std::string shown;
  for (const Quantity& q : Read(text)) {
    if (!shown.empty()) shown += " ";
    switch (q.kind) {
      case QuantityKind::kMeasure:
        shown += Cat(q.value, q.unit);
        break;
      case QuantityKind::kDate:
        shown += Cat("date:", q.year, "-", q.month, "-", q.day);
        break;
      case QuantityKind::kPhone:
        shown += Cat("phone:", q.value);
        break;
      case QuantityKind::kClock:
        shown += Cat("clock:", q.value);
        break;
      case QuantityKind::kProvision:
        shown += Cat("provision:", q.value, q.unit);
        break;
    }
    if (q.bound == Bound::kAtLeast) shown += "+";
    if (q.bound == Bound::kAtMost) shown += "-";
  }
  return shown;
}

TEST(QuantityTest, ReadsEveryFormIntoOne) {
  const std::pair<const char*, const char*> table[] = {
      {"二十日", "20日"},
      {"20日", "20日"},
      {"２０ 日", "20日"},
      {"20天", "20日"},
      {"20个工作日", "20工作日"},
      {"二十个工作日", "20工作日"},
      {"1万元", "10000元"},
      {"10000元", "10000元"},
      {"10,000元", "10000元"},
      {"一万元", "10000元"},
      {"壹万元", "10000元"},
      {"1.5万元", "15000元"},
      {"人民币500", "500元"},
      {"￥500", "500元"},
      {"3亿元", "300000000元"},
      {"百分之三", "3%"},
      {"3%", "3%"},
      {"３％", "3%"},
      {"百分之三点五", "3.5%"},
      {"3.50%", "3.5%"},
      {"千分之五", "5‰"},
      {"三分之二", "2/3"},
      {"两年", "2年"},
      {"2年", "2年"},
      {"二年", "2年"},
      {"一年", "1年"},
      {"365日", "365日"},
      {"半年", "0.5年"},
      {"一年半", "1.5年"},
      {"两个半月", "2.5个月"},
      {"六个月", "6个月"},
      {"十八周岁", "18岁"},
      {"18岁", "18岁"},
      {"2024年5月20日", "date:2024-5-20"},
      {"二〇二四年五月二十日", "date:2024-5-20"},
      {"2024-05-20", "date:2024-5-20"},
      {"2024/5/20", "date:2024-5-20"},
      {"2024.5.20", "date:2024-5-20"},
      {"20 May 2024", "date:2024-5-20"},
      {"May 20, 2024", "date:2024-5-20"},
      {"5月20日", "date:0-5-20"},
      {"2024年", "date:2024-0-0"},
      {"0799-555-0123", "phone:07995550123"},
      {"010-12345678", "phone:01012345678"},
      {"13800138000", "phone:13800138000"},
      {"12345热线", "12345"},
      {"8:30", "clock:510"},
      {"8时30分", "clock:510"},
      {"上午九点", "clock:540"},
      {"第十条", "provision:10条"},
      {"第10条", "provision:10条"},
      {"第一百二十条之一", "provision:120-1条"},
      {"第三款", "provision:3款"},
      {"Article 12", "provision:12条"},
      {"within thirty (30) days", "30日-"},
      {"30 days", "30日"},
      {"ten working days", "10工作日"},
      {"twenty-five percent", "25%"},
      {"two hundred yuan", "200元"},
      {"二只", "2"},
      {"两只", "2"},
      {"三至五日", "3日 5日"},
      {"3-5日", "3日 5日"},
      {"10%～15%", "10% 15%"},
      {"三年以上七年以下", "3年+ 7年-"},
      {"不超过三十日", "30日-"},
      {"不少于3人", "3人+"},
      {"年满十六周岁", "16岁+"},
      {"不满十四周岁", "14岁-"},
      {"at least 3 months", "3个月+"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(Show(text), expected) << text;
}

TEST(QuantityTest, TakesNoNumberFromEverydayWords) {
  for (const char* text :
       {"一般", "一定", "统一", "十分重要", "任何一个单位", "之一", "一些", "四川", "一方", "万一",
        "（一）营业执照；", "1. 营业执照；", "二、材料", "may apply", "one of them", "二甲双胍"}) {
    EXPECT_EQ(Show(text), "") << text;
  }
}

TEST(QuantityTest, AgreesOnlyOnTheSameThing) {
  const auto agrees = [](std::string_view stated, std::string_view source) {
    const auto a = Read(stated);
    const auto b = Read(source);
    EXPECT_EQ(a.size(), 1u) << stated;
    EXPECT_EQ(b.size(), 1u) << source;
    return a.size() == 1 && b.size() == 1 && Agrees(a[0], b[0]);
  };
  EXPECT_TRUE(agrees("20日", "二十日"));
  EXPECT_TRUE(agrees("30 days", "三十日"));
  EXPECT_TRUE(agrees("2024年5月", "2024年5月20日"));
  EXPECT_TRUE(agrees("5月20日", "2024-05-20"));
  EXPECT_TRUE(agrees("三日内", "三日"));
  EXPECT_FALSE(agrees("一年", "365日"));
  EXPECT_FALSE(agrees("一年", "十二个月"));
  EXPECT_FALSE(agrees("10日", "10个工作日"));
  EXPECT_FALSE(agrees("2024年5月21日", "2024年5月20日"));
  EXPECT_FALSE(agrees("2024年5月20日", "2024年5月"));
  EXPECT_FALSE(agrees("三年以上", "三年以下"));
  EXPECT_FALSE(agrees("3%", "3‰"));
  EXPECT_FALSE(agrees("第十条", "10日"));
  EXPECT_FALSE(agrees("500元", "500美元"));
}

TEST(QuantityTest, MasksWithoutMovingAnything) {
  const std::string text = NormalizeForMatch("应当在二十日内缴纳500元");
  const std::string masked = MaskQuantities(text, FindQuantities(text));
  EXPECT_EQ(masked.size(), text.size());
  EXPECT_EQ(masked.find("二十"), std::string::npos);
  EXPECT_EQ(masked.find("500"), std::string::npos);
  EXPECT_NE(masked.find("缴纳"), std::string::npos);
}

TEST(QuantityTest, KeepsSpansInOrderOnAnyText) {
  const std::string parts[] = {
      "第",   "条",   "百分之", "一", "十", "万", "点",   "3",  "0",
      ".",    ",",    "-",      ":",  "年", "月", "日",   "半", "元",
      "分之", "may ", "one ",   "(",  ")",  "\n", "\xFF", "至", "99999999999999999999",
      " "};
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < 12; ++i) text += parts[random() % std::size(parts)];
    uint32_t end = 0;
    for (const Quantity& quantity : FindQuantities(text)) {
      ASSERT_GE(quantity.span.start, end) << text;
      ASSERT_GT(quantity.span.end, quantity.span.start) << text;
      ASSERT_LE(quantity.span.end, text.size()) << text;
      end = quantity.span.end;
    }
  }
}

}  // namespace
}  // namespace policykb
