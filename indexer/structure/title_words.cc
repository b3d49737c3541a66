#include "indexer/structure/title_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

using std::string_view;

// Letters that are counted to tell the language.
constexpr size_t kSampleLetters = 4'000;

// `title` without remarks in brackets at its end: "(shi xing)", "(2018 nian)".
string_view WithoutRemarks(string_view title) {
  for (;;) {
    title = StripBlanks(title);
    const bool wide = title.ends_with("）");
    if (!wide && !title.ends_with(')')) return title;
    const size_t open = title.rfind(wide ? "（" : "(");
    if (open == string_view::npos || open == 0) return title;
    title = title.substr(0, open);
  }
}

bool ContainsAny(string_view text, std::initializer_list<string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](string_view word) { return text.find(word) != string_view::npos; });
}

}  // namespace

std::string KindFromPath(string_view relative_path) {
  static constexpr std::pair<string_view, string_view> kFolders[] = {
      {"司法解释", "rule"},       {"部门规章", "rule"},         {"政府规章", "rule"},
      {"行政法规", "regulation"}, {"地方性法规", "regulation"}, {"规范性文件", "normative"},
      {"办事指南", "guide"},      {"案例", "normative"},        {"宪法", "law"}};
  const size_t slash = relative_path.rfind('/');
  if (slash == string_view::npos) return "";
  const string_view folders = relative_path.substr(0, slash);
  for (const auto& [folder, kind] : kFolders) {
    if ((folders == folder || folders.ends_with(std::string("/").append(folder)) ||
         folders.starts_with(std::string(folder).append("/")) ||
         folders.find(std::string("/").append(folder).append("/")) != string_view::npos)) {
      return std::string(kind);
    }
  }
  return "";
}

std::string KindFromTitle(string_view title, string_view issuer) {
  title = WithoutRemarks(title);
  static constexpr std::pair<string_view, string_view> kEndings[] = {
      {"办法", "rule"},       {"宪法", "law"},       {"法典", "law"},       {"修正案", "law"},
      {"条例", "regulation"}, {"规定", "rule"},      {"细则", "rule"},      {"解释", "rule"},
      {"规则", "rule"},       {"规程", "rule"},      {"批复", "rule"},      {"章程", "rule"},
      {"通知", "normative"},  {"意见", "normative"}, {"通告", "normative"}, {"公告", "normative"},
      {"方案", "normative"},  {"纲要", "normative"}, {"标准", "normative"}, {"复函", "normative"},
      {"指南", "guide"},      {"须知", "guide"},     {"流程", "guide"},     {"问答", "qa"},
      {"问题解答", "qa"},     {"法", "law"}};
  if (title.ends_with("决定") || title.ends_with("决议")) {
    if (issuer.starts_with("全国人民代表大会")) return "law";
    return issuer.find("人民代表大会") != string_view::npos ? "regulation" : "normative";
  }
  for (const auto& [ending, kind] : kEndings) {
    if (title.ends_with(ending)) return std::string(kind);
  }
  static constexpr std::pair<string_view, string_view> kEnglish[] = {{"Regulation", "regulation"},
                                                                     {"Ordinance", "regulation"},
                                                                     {"Measures", "rule"},
                                                                     {"Rules", "rule"},
                                                                     {"Provisions", "rule"},
                                                                     {"Notice", "normative"},
                                                                     {"Opinions", "normative"},
                                                                     {" Act", "law"},
                                                                     {" Law", "law"},
                                                                     {"Guide", "guide"},
                                                                     {"FAQ", "qa"}};
  for (const auto& [word, kind] : kEnglish) {
    if (title.find(word) != string_view::npos) return std::string(kind);
  }
  return "";
}

bool IsGuideSection(string_view heading) {
  return ContainsAny(
      heading, {"办理条件", "申请条件", "所需材料", "申请材料", "办理材料", "办理流程", "办理时限",
                "办结时限", "收费标准", "办理地点", "咨询电话", "受理条件", "办理方式", "办理渠道",
                "办理时间", "办公时间", "设定依据", "办理机构", "受理机构", "服务对象"});
}

std::string LanguageOf(string_view text) {
  size_t han = 0, latin = 0, kana = 0, hangul = 0, cyrillic = 0, arabic = 0, mongolian = 0,
         tibetan = 0;
  size_t kazakh = 0, sibe = 0, letters = 0;
  // Letters of the Arabic script that tell Uyghur (a hamza on its seat) and Kazakh (a high one)
  // from Arabic.
  size_t turkic = 0, hamza = 0, high_hamza = 0;
  for (size_t at = 0; at < text.size() && letters < kSampleLetters;) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    const char32_t u = c.code;
    size_t* script = nullptr;
    if (u >= 0x4E00 && u < 0x9FF0) {
      script = &han;
    } else if ((u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= 0xC0 && u < 0x250)) {
      script = &latin;
    } else if (u < 0x370) {
      continue;
    } else if (u >= 0x400 && u < 0x530) {
      script = &cyrillic;
      kazakh += std::u32string_view(U"\u04D9\u0493\u049B\u04A3\u04E9\u04B1\u04AF\u04BB").find(u) !=
                std::u32string_view::npos;
    } else if ((u >= 0x600 && u < 0x780) || (u >= 0xFB50 && u < 0xFF00)) {
      script = &arabic;
      turkic += u == 0x6D5 || u == 0x6C7 || u == 0x6CB || u == 0x6D0 || u == 0x6C6 || u == 0x6C8;
      hamza += u == 0x626;
      high_hamza += u == 0x674;
    } else if (u >= 0xF00 && u < 0x1000) {
      script = &tibetan;
    } else if (u >= 0x1800 && u < 0x18B0) {
      script = &mongolian;
      sibe += u >= 0x185D && u <= 0x1872;
    } else if (u >= 0x3040 && u < 0x3100) {
      script = &kana;
    } else if (u >= 0xAC00 && u < 0xD7A4) {
      script = &hangul;
    } else if (IsHan(u)) {
      script = &han;
    }
    if (script == nullptr) continue;
    ++*script;
    ++letters;
  }
  if (letters == 0) return "und";
  // A Han character says as much as several letters of an alphabet.
  const std::array<std::pair<size_t, string_view>, 7> shares = {{
      {(kana > han / 10 ? kana + han : 0) * 3, "ja"},
      {han * 3, "zh"},
      {latin, "en"},
      {hangul * 2, "ko"},
      {cyrillic, kazakh > 0 ? "kk" : "ru"},
      {arabic, turkic == 0          ? "ar"
               : high_hamza > hamza ? "kk"
                                    : "ug"},
      {mongolian, sibe > 0 ? "sjo" : "mn"},
  }};
  auto best = std::max_element(shares.begin(), shares.end(),
                               [](const auto& a, const auto& b) { return a.first < b.first; });
  if (tibetan > best->first) return "bo";
  return std::string(best->second);
}

}  // namespace policykb
