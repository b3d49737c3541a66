#include "core/text/answer_kind.h"

#include <algorithm>
#include <array>

#include "core/text/normalize.h"

namespace policykb {

namespace {

struct Cue {
  std::string_view words;
  AnswerKinds kinds;
};

constexpr Cue kQuestionCues[] = {
    {"多少钱", kAnswersMoney},
    {"多少元", kAnswersMoney},
    {"几块钱", kAnswersMoney},
    {"收费", kAnswersMoney},
    {"费用", kAnswersMoney},
    {"交钱", kAnswersMoney},
    {"要钱", kAnswersMoney},
    {"花钱", kAnswersMoney},
    {"免费", kAnswersMoney},
    {"收多少", kAnswersMoney},
    {"交多少", kAnswersMoney},
    {"补多少", kAnswersMoney},
    {"补贴多少", kAnswersMoney},
    {"领多少", kAnswersMoney},
    {"拿多少", kAnswersMoney},
    {"赔多少", kAnswersMoney},
    {"赔偿多少", kAnswersMoney},
    {"报销多少", kAnswersMoney},
    {"报多少", kAnswersMoney},
    {"贷多少", kAnswersMoney},
    {"借多少", kAnswersMoney},
    {"罚多少", kAnswersMoney | kAnswersPenalty},
    {"金额", kAnswersMoney},
    {"打几折", kAnswersMoney},
    {"什么标准", kAnswersMoney},
    {"how much", kAnswersMoney},
    {"cost", kAnswersMoney},
    {"fee", kAnswersMoney},
    {"price", kAnswersMoney},
    {"for free", kAnswersMoney},
    {"多久", kAnswersTime},
    {"多长时间", kAnswersTime},
    {"多少天", kAnswersTime},
    {"多少日", kAnswersTime},
    {"多少个工作日", kAnswersTime},
    {"几天", kAnswersTime},
    {"几个工作日", kAnswersTime},
    {"几个月", kAnswersTime},
    {"几年", kAnswersTime},
    {"多少年", kAnswersTime},
    {"什么时候", kAnswersTime},
    {"什么时间", kAnswersTime},
    {"何时", kAnswersTime},
    {"几点", kAnswersTime},
    {"几号", kAnswersTime},
    {"哪天", kAnswersTime},
    {"时限", kAnswersTime},
    {"期限", kAnswersTime},
    {"时效", kAnswersTime},
    {"来得及", kAnswersTime},
    {"周末", kAnswersTime},
    {"周六", kAnswersTime},
    {"周日", kAnswersTime},
    {"星期", kAnswersTime},
    {"中午", kAnswersTime},
    {"how long", kAnswersTime},
    {"how soon", kAnswersTime},
    {"how fast", kAnswersTime},
    {"how many days", kAnswersTime},
    {"how many months", kAnswersTime},
    {"how many years", kAnswersTime},
    {"when ", kAnswersTime},
    {"what time", kAnswersTime},
    {"deadline", kAnswersTime},
    {"weekend", kAnswersTime},
    {"saturday", kAnswersTime},
    {"sunday", kAnswersTime},
    {"哪里", kAnswersPlace},
    {"哪儿", kAnswersPlace},
    {"在哪", kAnswersPlace},
    {"去哪", kAnswersPlace},
    {"到哪", kAnswersPlace},
    {"什么地方", kAnswersPlace},
    {"哪个窗口", kAnswersPlace},
    {"几号窗口", kAnswersPlace},
    {"哪个部门", kAnswersPlace},
    {"地址", kAnswersPlace},
    {"where", kAnswersPlace},
    {"带什么", kAnswersMaterials},
    {"带哪些", kAnswersMaterials},
    {"带啥", kAnswersMaterials},
    {"什么材料", kAnswersMaterials},
    {"哪些材料", kAnswersMaterials},
    {"啥材料", kAnswersMaterials},
    {"材料", kAnswersMaterials},
    {"准备什么", kAnswersMaterials},
    {"准备哪些", kAnswersMaterials},
    {"准备啥", kAnswersMaterials},
    {"什么证", kAnswersMaterials},
    {"哪些证", kAnswersMaterials},
    {"交什么", kAnswersMaterials},
    {"手续", kAnswersMaterials | kAnswersProcedure},
    {"documents", kAnswersMaterials},
    {"papers", kAnswersMaterials},
    {"bring", kAnswersMaterials},
    {"what do i need", kAnswersMaterials},
    {"what do we need", kAnswersMaterials},
    {"条件", kAnswersConditions},
    {"资格", kAnswersConditions},
    {"满足什么", kAnswersConditions},
    {"要满足", kAnswersConditions},
    {"符合什么", kAnswersConditions},
    {"能不能", kAnswersConditions},
    {"能吗", kAnswersConditions},
    {"可以吗", kAnswersConditions},
    {"可不可以", kAnswersConditions},
    {"谁能", kAnswersConditions},
    {"谁可以", kAnswersConditions},
    {"哪些人", kAnswersConditions},
    {"什么人", kAnswersConditions},
    {"eligible", kAnswersConditions},
    {"qualify", kAnswersConditions},
    {"who can", kAnswersConditions},
    {"can i", kAnswersConditions},
    {"can my", kAnswersConditions},
    {"am i allowed", kAnswersConditions},
    {"怎么办", kAnswersProcedure},
    {"怎么申请", kAnswersProcedure},
    {"怎么弄", kAnswersProcedure},
    {"怎么交", kAnswersProcedure},
    {"怎么领", kAnswersProcedure},
    {"咋办", kAnswersProcedure},
    {"咋补", kAnswersProcedure},
    {"如何", kAnswersProcedure},
    {"流程", kAnswersProcedure},
    {"步骤", kAnswersProcedure},
    {"程序", kAnswersProcedure},
    {"how do", kAnswersProcedure},
    {"how can", kAnswersProcedure},
    {"how to", kAnswersProcedure},
    {"steps", kAnswersProcedure},
    {"电话", kAnswersContact},
    {"热线", kAnswersContact},
    {"phone", kAnswersContact},
    {"call ", kAnswersContact},
    {"处罚", kAnswersPenalty},
    {"罚款", kAnswersPenalty | kAnswersMoney},
    {"会罚", kAnswersPenalty},
    {"后果", kAnswersPenalty},
    {"怎么判", kAnswersPenalty},
    {"判刑", kAnswersPenalty},
    {"判几年", kAnswersPenalty},
    {"判多少年", kAnswersPenalty},
    {"坐牢", kAnswersPenalty},
    {"犯法", kAnswersPenalty},
    {"犯罪", kAnswersPenalty},
    {"什么罪", kAnswersPenalty},
    {"量刑", kAnswersPenalty},
    {"法律责任", kAnswersPenalty},
    {"会怎么样", kAnswersPenalty},
    {"会怎样", kAnswersPenalty},
    {"penalty", kAnswersPenalty},
    {"fined", kAnswersPenalty},
    {"punish", kAnswersPenalty},
};

constexpr Cue kTextCues[] = {
    {"免费", kAnswersMoney},
    {"不收费", kAnswersMoney},
    {"收费标准", kAnswersMoney},
    {"免收", kAnswersMoney},
    {"工本费", kAnswersMoney},
    {"百分之", kAnswersMoney},
    {"%", kAnswersMoney},
    {"yuan", kAnswersMoney},
    {"rmb", kAnswersMoney},
    {"free of charge", kAnswersMoney},
    {"no fee", kAnswersMoney},
    {"当场", kAnswersTime},
    {"即时", kAnswersTime},
    {"上午", kAnswersTime},
    {"下午", kAnswersTime},
    {"working day", kAnswersTime},
    {"on the spot", kAnswersTime},
    {"地址", kAnswersPlace},
    {"窗口", kAnswersPlace},
    {"大厅", kAnswersPlace},
    {"服务中心", kAnswersPlace},
    {"派出所", kAnswersPlace},
    {"网站", kAnswersPlace},
    {"counter", kAnswersPlace},
    {"address", kAnswersPlace},
    {"service hall", kAnswersPlace},
    {"police station", kAnswersPlace},
    {"下列材料", kAnswersMaterials},
    {"以下材料", kAnswersMaterials},
    {"申请材料", kAnswersMaterials},
    {"身份证", kAnswersMaterials},
    {"户口簿", kAnswersMaterials},
    {"复印件", kAnswersMaterials},
    {"申请书", kAnswersMaterials},
    {"申请表", kAnswersMaterials},
    {"passport", kAnswersMaterials},
    {"photocop", kAnswersMaterials},
    {"application form", kAnswersMaterials},
    {"下列条件", kAnswersConditions},
    {"以下条件", kAnswersConditions},
    {"条件的", kAnswersConditions},
    {"可以申请", kAnswersConditions},
    {"适用于", kAnswersConditions},
    {"eligible", kAnswersConditions},
    {"conditions", kAnswersConditions},
    {"提出申请", kAnswersProcedure},
    {"受理", kAnswersProcedure},
    {"审核", kAnswersProcedure},
    {"领取", kAnswersProcedure},
    {"apply", kAnswersProcedure},
    {"submit", kAnswersProcedure},
    {"电话", kAnswersContact},
    {"热线", kAnswersContact},
    {"telephone", kAnswersContact},
    {"hotline", kAnswersContact},
    {"罚款", kAnswersPenalty | kAnswersMoney},
    {"处以", kAnswersPenalty},
    {"拘留", kAnswersPenalty},
    {"有期徒刑", kAnswersPenalty | kAnswersTime},
    {"吊销", kAnswersPenalty},
    {"没收", kAnswersPenalty},
    {"给予警告", kAnswersPenalty},
    {"刑事责任", kAnswersPenalty},
    {"依法给予处分", kAnswersPenalty},
    {"fine of", kAnswersPenalty | kAnswersMoney},
};

constexpr Cue kHeadingCues[] = {
    {"收费", kAnswersMoney},         {"费用", kAnswersMoney},
    {"标准", kAnswersMoney},         {"金额", kAnswersMoney},
    {"fee", kAnswersMoney},          {"cost", kAnswersMoney},
    {"amount", kAnswersMoney},       {"时限", kAnswersTime},
    {"期限", kAnswersTime},          {"时间", kAnswersTime},
    {"time", kAnswersTime},          {"hours", kAnswersTime},
    {"deadline", kAnswersTime},      {"when", kAnswersTime},
    {"地点", kAnswersPlace},         {"地址", kAnswersPlace},
    {"窗口", kAnswersPlace},         {"where", kAnswersPlace},
    {"place", kAnswersPlace},        {"材料", kAnswersMaterials},
    {"证件", kAnswersMaterials},     {"documents", kAnswersMaterials},
    {"bring", kAnswersMaterials},    {"what you need", kAnswersMaterials},
    {"条件", kAnswersConditions},    {"对象", kAnswersConditions},
    {"范围", kAnswersConditions},    {"资格", kAnswersConditions},
    {"who ", kAnswersConditions},    {"eligib", kAnswersConditions},
    {"流程", kAnswersProcedure},     {"程序", kAnswersProcedure},
    {"步骤", kAnswersProcedure},     {"办理方式", kAnswersProcedure},
    {"申请方式", kAnswersProcedure}, {"how ", kAnswersProcedure},
    {"steps", kAnswersProcedure},    {"procedure", kAnswersProcedure},
    {"电话", kAnswersContact},       {"咨询", kAnswersContact},
    {"contact", kAnswersContact},    {"phone", kAnswersContact},
    {"法律责任", kAnswersPenalty},   {"罚则", kAnswersPenalty},
    {"处罚", kAnswersPenalty},       {"penalt", kAnswersPenalty},
};

AnswerKinds Cued(std::string_view text, std::span<const Cue> cues) {
  AnswerKinds kinds = 0;
  for (const Cue& cue : cues) {
    if ((cue.kinds & ~kinds) != 0 && text.find(cue.words) != std::string_view::npos)
      kinds = static_cast<AnswerKinds>(kinds | cue.kinds);
  }
  return kinds;
}

// True when `text` has a digit, Chinese or ASCII, directly before one of the units.
bool HasNumberBefore(std::string_view text, std::span<const std::string_view> units) {
  static constexpr std::array<std::string_view, 14> kDigits = {
      "一", "二", "两", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千", "万"};
  return std::any_of(units.begin(), units.end(), [text](std::string_view unit) {
    for (size_t at = text.find(unit); at != std::string_view::npos; at = text.find(unit, at + 1)) {
      const std::string_view before = text.substr(0, at);
      if (!before.empty() && before.back() >= '0' && before.back() <= '9') return true;
      if (std::any_of(kDigits.begin(), kDigits.end(),
                      [before](std::string_view digit) { return before.ends_with(digit); }))
        return true;
    }
    return false;
  });
}

}  // namespace

AnswerKinds AskedKinds(std::string_view question) {
  return Cued(NormalizeForMatch(question), kQuestionCues);
}

AnswerKinds HeldKinds(std::string_view text) {
  constexpr std::array<std::string_view, 3> kMoneyUnits = {"元", "倍", "折"};
  constexpr std::array<std::string_view, 14> kTimeUnits = {
      "日", "天",   "个工作日", "年",     "个月",  "小时",  "分钟",
      "周", "季度", " day",     " month", " year", " hour", " minute"};
  const std::string normalized = NormalizeForMatch(text);
  AnswerKinds kinds = Cued(normalized, kTextCues);
  const auto add = [&kinds](AnswerKind kind) { kinds = static_cast<AnswerKinds>(kinds | kind); };
  if (HasNumberBefore(normalized, kMoneyUnits)) add(kAnswersMoney);
  if (HasNumberBefore(normalized, kTimeUnits)) add(kAnswersTime);
  return kinds;
}

AnswerKinds HeadedKinds(std::span<const std::string> heading_path) {
  if (heading_path.empty()) return 0;
  return Cued(NormalizeForMatch(heading_path.back()), kHeadingCues);
}

}  // namespace policykb
