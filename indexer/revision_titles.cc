#include "indexer/revision_titles.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "core/base/strings.h"
#include "core/text/normalize.h"

namespace policykb {
namespace {

using std::string_view;

constexpr string_view kCountry = "中华人民共和国";

bool EndsWithAny(string_view text, std::initializer_list<string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](string_view word) { return text.ends_with(word); });
}

bool Contains(string_view text, string_view word) { return text.find(word) != string_view::npos; }

// True for what brackets at the end of a title hold when they number its revision: "2019 nian xiu
// zheng", "2018 xiu ding ben", "di er ci xiu zheng".
bool NumbersRevision(string_view remark) {
  if (!Contains(remark, "修正") && !Contains(remark, "修订") && !Contains(remark, "修改"))
    return false;
  static constexpr string_view kWords[] = {"修正", "修订", "修改", "年",   "月",   "日", "第",
                                           "次",   "本",   "版",   "文本", "一",   "二", "三",
                                           "四",   "五",   "六",   "七",   "八",   "九", "十",
                                           "〇",   "零",   "根据", "决定", "最新", "后"};
  while (!remark.empty()) {
    if (remark[0] >= '0' && remark[0] <= '9') {
      remark.remove_prefix(1);
      continue;
    }
    const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                    [remark](string_view w) { return remark.starts_with(w); });
    if (word == std::end(kWords)) return false;
    remark.remove_prefix(word->size());
  }
  return true;
}

// An act of its day, which the next one of that title does not replace.
bool IsSingleAct(string_view title) {
  return EndsWithAny(title, {"决定", "决议", "批复", "复函", "答复", "公告", "通告", "通知", "命令",
                             "令", "通报", "公报", "报告", "函", "修正案"});
}

// Levels of issuers whose texts do not replace each other.
enum class IssuerLevel { kUnknown, kCongress, kCourt, kGovernment, kDepartment };

IssuerLevel LevelOf(string_view issuer) {
  if (issuer.empty()) return IssuerLevel::kUnknown;
  if (Contains(issuer, "人民代表大会")) return IssuerLevel::kCongress;
  if (Contains(issuer, "法院") || Contains(issuer, "检察院")) return IssuerLevel::kCourt;
  if (Contains(issuer, "国务院") || issuer.ends_with("人民政府")) return IssuerLevel::kGovernment;
  return IssuerLevel::kDepartment;
}

// Region without what is left out in its short name; empty for the whole country.
std::string ShortRegion(string_view region) {
  for (const string_view whole : {"全国", "中央", "国家", "中国"}) {
    if (region == whole) return "";
  }
  for (const string_view autonomous :
       {"广西壮族自治区", "内蒙古自治区", "宁夏回族自治区", "新疆维吾尔自治区", "西藏自治区"}) {
    if (region != autonomous) continue;
    return std::string(region.substr(0, region.starts_with("内") ? 9 : 6));
  }
  for (const string_view city : {"北京市", "上海市", "天津市", "重庆市"}) {
    if (region == city) return std::string(region.substr(0, 6));
  }
  // A city and its province may share a name ("ji lin"), so only the province loses its word.
  constexpr string_view kProvince = "省";
  if (region.ends_with(kProvince)) region.remove_suffix(kProvince.size());
  return std::string(region);
}

// A group of documents of one title, kind and language, divided by region and issuer.
class Divider {
 public:
  Divider(string_view title, const std::vector<Document*>& documents)
      : title_(title), documents_(documents) {}

  std::vector<std::vector<Document*>> Run(std::vector<std::string>& problems) {
    std::map<std::string, std::vector<Document*>> by_region;
    for (Document* document : documents_) by_region[RegionOf(*document)].push_back(document);
    std::vector<std::vector<Document*>> groups;
    for (auto& [region, documents] : by_region) {
      for (std::vector<Document*>& group : ByIssuer(documents)) groups.push_back(std::move(group));
    }
    if (InDoubt(groups)) {
      std::vector<std::string> paths;
      for (const std::vector<Document*>& group : groups) paths.push_back(group[0]->source_path);
      problems.push_back(
          Cat(Join(paths, ", "), ": one title, \"", documents_[0]->title,
              "\", but not surely one region and issuer; taken for different texts"));
    }
    return groups;
  }

 private:
  std::string RegionOf(const Document& document) const {
    if (!document.region.empty() || LevelOf(document.issuer) != IssuerLevel::kUnknown)
      return ShortRegion(document.region);
    // Nothing says whose it is but its title, which begins with the name of the place.
    std::string longest;
    for (const Document* other : documents_) {
      const std::string region = ShortRegion(other->region);
      if (region.size() > longest.size() && title_.starts_with(region)) longest = region;
    }
    return longest;
  }

  std::vector<std::vector<Document*>> ByIssuer(const std::vector<Document*>& documents) const {
    const std::string& kind = documents[0]->kind;
    // Who makes laws and regulations of a place is one body.
    if (kind == "law" || kind == "regulation") return {documents};
    std::map<std::pair<IssuerLevel, std::string>, std::vector<Document*>> by_issuer;
    const bool is_guide = IsGuide(kind);
    for (Document* document : documents) {
      const IssuerLevel level = LevelOf(document->issuer);
      if (is_guide && level == IssuerLevel::kUnknown) continue;
      const bool by_name = is_guide || (level == IssuerLevel::kDepartment && IsGeneric());
      by_issuer[{level, by_name ? document->issuer : ""}].push_back(document);
    }
    // An issuer that is not known is the one there is.
    const auto unknown = by_issuer.find({IssuerLevel::kUnknown, ""});
    if (unknown != by_issuer.end() && by_issuer.size() == 2) {
      std::vector<Document*> moved = std::move(unknown->second);
      by_issuer.erase(unknown);
      std::vector<Document*>& known = by_issuer.begin()->second;
      known.insert(known.end(), moved.begin(), moved.end());
    }
    std::vector<std::vector<Document*>> groups;
    for (auto& [issuer, group] : by_issuer) groups.push_back(std::move(group));
    return groups;
  }

  static bool IsGuide(const std::string& kind) { return kind == "guide" || kind == "qa"; }

  // Ten Han characters: "xing zheng chu fa cheng xu gui ding" is the title of many departments'
  // rules, a longer one says what it is about.
  bool IsGeneric() const { return title_.size() <= 30; }

  // Several groups, of which one has nothing that surely sets it apart from another.
  bool InDoubt(const std::vector<std::vector<Document*>>& groups) const {
    if (groups.size() < 2 || IsGuide(documents_[0]->kind)) return false;
    std::map<std::string, int> departments;  // groups by region
    for (const std::vector<Document*>& group : groups) {
      const Document& document = *group[0];
      const IssuerLevel level = LevelOf(document.issuer);
      if (level == IssuerLevel::kUnknown && document.region.empty()) return true;
      if (level == IssuerLevel::kDepartment && ++departments[ShortRegion(document.region)] > 1)
        return true;
    }
    return false;
  }

  string_view title_;
  const std::vector<Document*>& documents_;
};

}  // namespace

std::string RevisionTitle(string_view title) {
  std::string key = NormalizeForMatch(title);
  for (const string_view dropped : {" ", "　", "\t", "、", "《", "》", "〈", "〉"})
    key = ReplaceAll(key, dropped, "");
  if (std::string bare = ReplaceAll(key, kCountry, ""); !bare.empty()) key = std::move(bare);
  while (key.ends_with(')')) {
    const size_t open = key.rfind('(');
    if (open == std::string::npos || open == 0 ||
        !NumbersRevision(string_view(key).substr(open + 1, key.size() - open - 2))) {
      break;
    }
    key.resize(open);
  }
  return key;
}

std::vector<std::vector<Document*>> GroupRevisions(const std::vector<Document*>& documents,
                                                   std::vector<std::string>& problems) {
  using Key = std::tuple<std::string, std::string, std::string, uint32_t>;
  std::map<Key, std::vector<Document*>> by_title;
  for (Document* document : documents) {
    std::string title = RevisionTitle(document->title);
    if (title.empty() || IsSingleAct(title)) continue;
    const uint32_t first = std::max(document->first_article, 1U);
    by_title[{std::move(title), document->kind, document->language, first}].push_back(document);
  }
  std::vector<std::vector<Document*>> groups;
  for (const auto& [key, same] : by_title) {
    if (same.size() < 2) continue;
    for (std::vector<Document*>& group : Divider(std::get<0>(key), same).Run(problems)) {
      if (group.size() > 1) groups.push_back(std::move(group));
    }
  }
  return groups;
}

}  // namespace policykb
