#include "indexer/structure/promulgation.h"

#include <algorithm>
#include <utility>

#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/numerals.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxOrganBytes = 120;
constexpr string_view kRepublic = "中华人民共和国";
constexpr string_view kCongress = "人民代表大会";

bool Contains(string_view text, std::initializer_list<string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](string_view word) { return text.find(word) != string_view::npos; });
}

// `text` without "di ... jie", "... jie" and "di ... ci".
std::string WithoutOrdinals(string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool ordinal = text.starts_with("第");
    const string_view number = ordinal ? text.substr(3) : text;
    if (const auto numeral = ConsumeNumeral(number)) {
      const string_view rest = number.substr(numeral->size);
      if (rest.starts_with("届") || (ordinal && rest.starts_with("次"))) {
        text = rest.substr(3);
        continue;
      }
    }
    const size_t size = DecodeChar(text, 0).size;
    out += text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

std::string CleanOrgan(string_view organ) {
  organ = StripBlanks(organ);
  for (const string_view lead : {"由", "经", "已", "，", "、", "根据", "（", "("}) {
    if (organ.starts_with(lead)) organ = StripBlanks(organ.substr(lead.size()));
  }
  if (organ.starts_with(kRepublic) && organ.size() > kRepublic.size())
    organ.remove_prefix(kRepublic.size());
  if (organ.size() < 6 || organ.size() > kMaxOrganBytes) return "";
  if (Contains(organ, {"《", "》", "。", "；", "年", "号", "的"})) return "";
  return CleanHeading(organ);
}

// The organ in what follows a date: "... di shi san jie quan guo ren min dai biao da hui ... tong
// guo".
std::string IssuerIn(string_view event) {
  // "ren min dai biao da hui" and its short form, of which the longer words come first.
  static constexpr std::pair<string_view, string_view> kCongressWords[] = {
      {kCongress, ""}, {"人大常委会", "常务委员会"}, {"人大", ""}};
  for (const auto& [word, standing] : kCongressWords) {
    const size_t at = event.find(word);
    if (at == string_view::npos || at > kMaxOrganBytes) continue;
    const string_view rest = event.substr(at + word.size());
    std::string organ = Cat(WithoutOrdinals(event.substr(0, at)), kCongress, standing);
    if (rest.starts_with("常务委员会") || rest.starts_with("常委会")) organ += "常务委员会";
    return CleanOrgan(WithoutBlanks(organ));
  }
  for (const string_view word :
       {"令第", "令 第", "公告第", "公告", "令", "发布", "公布", "颁布", "印发"}) {
    const size_t at = event.find(word);
    if (at == string_view::npos || at == 0 || at > kMaxOrganBytes) continue;
    string_view before = StripBlanks(event.substr(0, at));
    for (const string_view blank : {"　", " ", "，", "批准", "、由"}) {
      const size_t last = before.rfind(blank);
      if (last != string_view::npos) before.remove_prefix(last + blank.size());
    }
    if (std::string organ = CleanOrgan(before); !organ.empty()) return organ;
  }
  const size_t ordinal = event.find("第");
  string_view organ = event.substr(0, std::min(ordinal, event.size()));
  if (ordinal == string_view::npos) {
    for (const string_view word : {"批准", "通过", "常务会议", "会议"})
      organ = organ.substr(0, organ.find(word));
  }
  for (const string_view council :
       {"审判委员会", "检察委员会", "会议", "部长办公", "常务", "部务", "局务", "党组", "办公"}) {
    if (organ.ends_with(council)) organ.remove_suffix(council.size());
  }
  if (!EndsLikeOrgan(organ)) return "";
  return CleanOrgan(organ);
}

class Reader {
 public:
  Promulgation Read(const std::vector<string_view>& lines) {
    for (const string_view line : lines) {
      if (const HeaderFieldLine field = ReadHeaderField(line); field.field != HeaderField::kNone) {
        ReadField(field);
      } else {
        ReadLine(line);
      }
    }
    return std::move(found_);
  }

 private:
  void ReadField(const HeaderFieldLine& line) {
    const auto date = ConsumeDate(line.value);
    switch (line.field) {
      case HeaderField::kIssuer:
        if (line.value.size() <= kMaxOrganBytes) found_.issuer = OrganNames(line.value);
        break;
      case HeaderField::kWritten:
        if (date) found_.written_on = found_.promulgated_on = found_.revised_on = date->date;
        break;
      case HeaderField::kPromulgated:
        if (date && !found_.promulgated_on) found_.promulgated_on = found_.revised_on = date->date;
        break;
      case HeaderField::kEffective:
        if (date) found_.effective_on = date->date;
        break;
      case HeaderField::kNumber:
        if (line.value.size() <= kMaxOrganBytes) found_.document_number = line.value;
        break;
      case HeaderField::kTitle:
      case HeaderField::kNone:
      case HeaderField::kOther:
        break;
    }
  }

  // A line that names organs and nothing else: "X bureau  Y bureau".
  void ReadOrgans(string_view line) {
    if (!found_.issuer.empty() || line.size() > kMaxOrganBytes) return;
    std::string organs;
    for (string_view rest = line; !rest.empty();) {
      if (const size_t blank = LeadingBlank(rest)) {
        if (!organs.ends_with("、")) organs += "、";
        rest.remove_prefix(blank);
        continue;
      }
      const size_t size = DecodeChar(rest, 0).size;
      organs += rest.substr(0, size);
      rest.remove_prefix(size);
    }
    if (EndsLikeOrgan(organs) && !CleanOrgan(organs).empty()) found_.issuer = organs;
  }

  void ReadLine(string_view line) {
    const std::vector<TextDate> dates = FindDates(line);
    if (dates.size() == 1 && dates[0].span == Span{0, static_cast<uint32_t>(line.size())}) {
      if (!found_.promulgated_on) {
        found_.promulgated_on = found_.published_on = found_.revised_on = dates[0].date;
      }
      return;
    }
    for (size_t i = 0; i < dates.size(); ++i) {
      const size_t end = i + 1 < dates.size() ? dates[i + 1].span.start : line.size();
      const string_view event = line.substr(dates[i].span.end, end - dates[i].span.end);
      ReadEvent(dates[i].date, StripBlanks(event));
    }
    if (!dates.empty()) return;
    if (found_.document_number.empty()) TakeNumber(line);
    ReadOrgans(line);
  }

  void TakeNumber(string_view words) {
    const auto numbers = FindDocumentNumbers(words);
    if (!numbers.empty()) found_.document_number = numbers.front().normalized;
  }

  void ReadEvent(CivilDate date, string_view event) {
    string_view start = event;
    for (const string_view word : {"起", "正式"}) {
      if (start.starts_with(word)) start.remove_prefix(word.size());
    }
    for (const string_view word : {"施行", "实施", "生效", "执行"}) {
      if (!start.starts_with(word)) continue;
      if (!found_.effective_on || *found_.effective_on < date) found_.effective_on = date;
      return;
    }
    const bool amends =
        Contains(event, {"修正", "修订", "修改", "废止", "修正案", "的决定", "惩治"});
    const bool makes =
        Contains(event, {"通过", "公布", "发布", "颁布", "批准", "印发", "会议", "令"});
    if (!amends && !makes) return;
    const bool publishes = Contains(event, {"公布", "发布", "颁布", "印发", "令"});
    if (!found_.promulgated_on) {
      found_.promulgated_on = date;
      // What one organ approves another one issues.
      if (found_.issuer.empty()) found_.issuer = IssuerIn(event);
      only_approved_ = event.find("批准") != string_view::npos &&
                       event.find("通过") == string_view::npos && !publishes;
    } else if (amends || PassedAgain(date, event)) {
      found_.amended = true;
    } else if (only_approved_ && publishes) {
      if (std::string organ = IssuerIn(event); !organ.empty()) found_.issuer = std::move(organ);
      only_approved_ = false;
    }
    if (publishes && !found_.amended && !found_.published_on) found_.published_on = date;
    if (!found_.amended && found_.document_number.empty()) TakeNumber(event);
    if (!found_.revised_on || *found_.revised_on < date) found_.revised_on = date;
  }

  // Passed a second time long after the first: a revision that does not call itself one.
  bool PassedAgain(CivilDate date, string_view event) const {
    constexpr int32_t kDays = 60;
    return event.find("通过") != string_view::npos &&
           date.days() - found_.promulgated_on->days() > kDays;
  }

  Promulgation found_;
  bool only_approved_ = false;
};

}  // namespace

bool EndsLikeOrgan(string_view organ) {
  for (const string_view end :
       {"院", "部", "局", "厅", "会", "委", "府", "署", "办", "办公室", "银行", "办事处"}) {
    if (organ.ends_with(end)) return true;
  }
  return false;
}

std::string OrganNames(string_view words) {
  std::string spaced;
  size_t longest = 0, name = 0;
  for (; !words.empty();) {
    if (const size_t blank = LeadingBlank(words)) {
      if (!spaced.empty() && !spaced.ends_with(' ')) spaced += ' ';
      name = 0;
      words.remove_prefix(blank);
      continue;
    }
    const size_t size = DecodeChar(words, 0).size;
    longest = std::max(longest, ++name);
    spaced += words.substr(0, size);
    words.remove_prefix(size);
  }
  // Characters set apart are one name.
  return longest > 1 ? spaced : WithoutBlanks(spaced);
}

Promulgation ReadPromulgation(const std::vector<string_view>& header_lines) {
  return Reader().Read(header_lines);
}

std::string IssuerFromTitle(string_view title) {
  const size_t about = title.find("关于");
  if (about == string_view::npos || about == 0) return "";
  string_view organ = title.substr(0, about);
  // "X passes on Y's opinions about": X issues.
  for (const string_view word : {"转发", "批转", "印发"}) organ = organ.substr(0, organ.find(word));
  if (organ.find("《") != string_view::npos || !EndsLikeOrgan(organ)) return "";
  return CleanOrgan(WithoutOrdinals(organ));
}

std::string CompleteIssuer(std::string issuer, string_view title) {
  for (const string_view rank : {"市", "县", "省", "自治区", "自治州", "自治县"}) {
    if (!issuer.starts_with(Cat(rank, "人民"))) continue;
    const size_t at = title.find(rank);
    if (at == string_view::npos || at == 0 || at > 45) return "";
    return Cat(title.substr(0, at), issuer);
  }
  return issuer;
}

std::string RegionOfIssuer(string_view issuer) {
  for (const string_view organ : {"人民代表大会", "人民政府"}) {
    const size_t at = issuer.find(organ);
    if (at == string_view::npos || at == 0) continue;
    const string_view region = issuer.substr(0, at);
    return region == "全国" || region == "中央" ? "" : std::string(region);
  }
  return "";
}

}  // namespace policykb
