#include "generator/asked_quantity.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "core/text/normalize.h"
#include "generator/grounding/quantity.h"

namespace policykb {
namespace {

struct Cue {
  std::string_view words;
  AskedQuantity asked;
  bool plain = false;  // nothing but such a quantity answers it
};

// What says a time or a sum without a number.
constexpr std::string_view kTimeWords[] = {"当场",        "即时",        "即办",    "立即",
                                           "随时",        "长期",        "永久",    "终身",
                                           "immediately", "on the spot", "at once", "permanent"};
constexpr std::string_view kMoneyWords[] = {"免费", "不收", "无偿",      "免收",       "免交",
                                            "免缴", "free", "no charge", "not charge", "no fee",
                                            "cny ", "rmb ", "¥"};

bool HoldsOneOf(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// The first that the question holds counts; "how many days" stands before "how many".
constexpr Cue kCues[] = {
    {"电话", AskedQuantity::kPhone},
    {"热线", AskedQuantity::kPhone},
    {"telephone", AskedQuantity::kPhone},
    {"phone", AskedQuantity::kPhone},
    {"多大年龄", AskedQuantity::kAge},
    {"多少岁", AskedQuantity::kAge},
    {"几岁", AskedQuantity::kAge},
    {"how old", AskedQuantity::kAge},
    {"多久", AskedQuantity::kTime, true},
    {"多长时间", AskedQuantity::kTime, true},
    {"多少天", AskedQuantity::kTime, true},
    {"多少日", AskedQuantity::kTime, true},
    {"多少个工作日", AskedQuantity::kTime, true},
    {"几天", AskedQuantity::kTime, true},
    {"几个工作日", AskedQuantity::kTime, true},
    {"几个月", AskedQuantity::kTime, true},
    {"几年", AskedQuantity::kTime, true},
    {"多少年", AskedQuantity::kTime, true},
    {"什么时候", AskedQuantity::kTime},
    {"何时", AskedQuantity::kTime},
    {"几点", AskedQuantity::kTime},
    {"时限", AskedQuantity::kTime},
    {"期限", AskedQuantity::kTime},
    {"how long", AskedQuantity::kTime, true},
    {"how soon", AskedQuantity::kTime},
    {"how many days", AskedQuantity::kTime, true},
    {"how many months", AskedQuantity::kTime, true},
    {"how many years", AskedQuantity::kTime, true},
    {"when ", AskedQuantity::kTime},
    {"deadline", AskedQuantity::kTime},
    {"多少钱", AskedQuantity::kMoney, true},
    {"多少元", AskedQuantity::kMoney, true},
    {"收费", AskedQuantity::kMoney},
    {"费用", AskedQuantity::kMoney},
    {"罚多少", AskedQuantity::kMoney},
    {"补多少", AskedQuantity::kMoney},
    {"金额", AskedQuantity::kMoney},
    {"how much", AskedQuantity::kMoney, true},
    {"多少", AskedQuantity::kCount},
    {"几", AskedQuantity::kCount},
    {"how many", AskedQuantity::kCount},
};

bool IsOf(const Quantity& quantity, AskedQuantity asked) {
  const auto unit_is = [&](std::initializer_list<std::string_view> units) {
    return std::find(units.begin(), units.end(), quantity.unit) != units.end();
  };
  switch (asked) {
    case AskedQuantity::kNone:
      return false;
    case AskedQuantity::kMoney:
      return unit_is({"元", "美元", "%", "倍"});
    case AskedQuantity::kTime:
      return quantity.kind == QuantityKind::kDate || quantity.kind == QuantityKind::kClock ||
             unit_is({"日", "工作日", "周", "个月", "年", "小时", "分钟", "季度"});
    case AskedQuantity::kAge:
      return unit_is({"岁"});
    case AskedQuantity::kPhone:
      return quantity.kind == QuantityKind::kPhone;
    case AskedQuantity::kCount:
      return quantity.kind == QuantityKind::kMeasure && !IsOf(quantity, AskedQuantity::kMoney) &&
             !IsOf(quantity, AskedQuantity::kTime) && !IsOf(quantity, AskedQuantity::kAge);
  }
  return false;
}

// The first that the question holds, or null.
const Cue* FindCue(std::string_view question) {
  const std::string text = NormalizeForMatch(question);
  for (const Cue& cue : kCues) {
    if (text.find(cue.words) != std::string::npos) return &cue;
  }
  return nullptr;
}

}  // namespace

AskedQuantity FindAskedQuantity(std::string_view question) {
  const Cue* const cue = FindCue(question);
  return cue == nullptr ? AskedQuantity::kNone : cue->asked;
}

AskedQuantity FindPlainlyAskedQuantity(std::string_view question) {
  const Cue* const cue = FindCue(question);
  return cue == nullptr || !cue->plain ? AskedQuantity::kNone : cue->asked;
}

bool HoldsAskedQuantity(std::string_view text, AskedQuantity asked) {
  if (asked == AskedQuantity::kNone) return false;
  const std::vector<Quantity> quantities = FindQuantities(NormalizeForMatch(text));
  return std::any_of(quantities.begin(), quantities.end(),
                     [&](const Quantity& quantity) { return IsOf(quantity, asked); });
}

bool MayAnswer(std::string_view text, AskedQuantity asked) {
  if (asked == AskedQuantity::kNone || HoldsAskedQuantity(text, asked)) return true;
  const std::string normalized = NormalizeForMatch(text);
  if (asked == AskedQuantity::kTime) return HoldsOneOf(normalized, kTimeWords);
  return asked == AskedQuantity::kMoney && HoldsOneOf(normalized, kMoneyWords);
}

}  // namespace policykb
