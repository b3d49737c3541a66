#include "generator/phrases.h"

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

Language DetectLanguage(std::string_view text) {
  bool latin = false;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    if (IsHan(c.code)) return Language::kChinese;
    if ((c.code >= 'a' && c.code <= 'z') || (c.code >= 'A' && c.code <= 'Z')) latin = true;
  }
  return latin ? Language::kEnglish : Language::kChinese;
}

std::string_view NoSupportPhrase(Language language) {
  return language == Language::kChinese
             ? "没有找到可以回答这个问题的现行政策文本。"
             : "No policy text in force was found that answers this question.";
}

std::string_view MayBeRelatedPhrase(Language language) {
  return language == Language::kChinese
             ? "没有找到可以明确回答这个问题的现行政策文本，以下文本可能相关，请自行核对。"
             : "No policy text in force was found that clearly answers this question; the texts "
               "below "
               "may be related.";
}

std::string_view RepealedOnlyPhrase(Language language) {
  return language == Language::kChinese
             ? "现行政策文本没有回答这个问题，曾有规定的文本已不再施行。"
             : "No policy text in force answers this question; the text that did is no longer in "
               "force.";
}

std::string_view CitationsMovedPhrase(Language language) {
  return language == Language::kChinese
             ? "部分语句原引用的条文不支持该语句，已改为引用支持它的条文。"
             : "Some sentences cited text that does not bear them; they are now cited from text "
               "that "
               "does.";
}

std::string WithNearest(Language language, std::string_view phrase,
                        const std::vector<std::string>& titles,
                        const std::optional<Contact>& contact) {
  std::string text(phrase);
  const bool chinese = language == Language::kChinese;
  std::string list;
  for (const std::string& title : titles) list = JoinTitles(language, list, title);
  if (!list.empty()) {
    text += chinese ? Cat("最接近的文件：", list, "。") : Cat(" Nearest documents: ", list, ".");
  }
  if (contact) {
    text += chinese ? Cat("《", contact->title, "》的咨询电话：", contact->phone, "。")
                    : Cat(" Telephone number in \"", contact->title, "\": ", contact->phone, ".");
  }
  return text;
}

std::string_view ModelFailedPhrase(Language language) {
  return language == Language::kChinese
             ? "模型暂时不可用，以下为政策原文摘录。"
             : "The language model is not available; these are the words of the policy text.";
}

std::string_view ModelBrokeOffPhrase(Language language) {
  return language == Language::kChinese
             ? "模型的回答中途中断，其后为政策原文摘录。"
             : "The language model broke off; what follows are the words of the policy text.";
}

std::string_view SentencesDroppedPhrase(Language language) {
  return language == Language::kChinese
             ? "部分语句没有政策文本支持，已略去。"
             : "Some sentences were left out because no policy text bears them.";
}

std::string_view CrossLanguagePhrase(Language language) {
  return language == Language::kChinese ? "回答与所引文本语言不同，仅核对了数字，未核对措辞。"
                                        : "Answer and cited text are in different languages: "
                                          "numbers were checked, wording was "
                                          "not.";
}

std::string_view FoundByWordsAlonePhrase(Language language) {
  return language == Language::kChinese ? "语义检索暂不可用，以下仅按字词检索所得，可能有所遗漏。"
                                        : "Search by meaning is out of order: passages were found "
                                          "by their words alone and some "
                                          "may be missing.";
}

std::string NotInForcePhrase(Language language, const NotInForcePhraseParts& parts) {
  const bool has_successor = !parts.successors.empty();
  if (language == Language::kChinese) {
    std::string phrase = Cat("《", parts.title, "》");
    if (parts.not_yet) {
      phrase += "尚未施行";
      if (!parts.valid_from.empty()) phrase += Cat("，自", parts.valid_from, "起施行");
    } else {
      phrase += parts.valid_to.empty() ? "已不再施行" : Cat("自", parts.valid_to, "起不再施行");
    }
    if (has_successor) phrase += Cat("，现由", parts.successors, "代替");
    return phrase + "。";
  }
  std::string phrase = Cat("\"", parts.title, "\" is ");
  if (parts.not_yet) {
    phrase += "not in force yet";
    if (!parts.valid_from.empty()) phrase += Cat("; it takes effect on ", parts.valid_from);
  } else {
    phrase += "no longer in force";
    if (!parts.valid_to.empty()) phrase += Cat(" since ", parts.valid_to);
  }
  if (has_successor) phrase += Cat("; it was replaced by ", parts.successors);
  return phrase + ".";
}

std::string JoinTitles(Language language, std::string_view so_far, std::string_view next) {
  std::string title =
      language == Language::kChinese ? Cat("《", next, "》") : Cat("\"", next, "\"");
  if (so_far.empty()) return title;
  return Cat(so_far, language == Language::kChinese ? "、" : ", ", title);
}

}  // namespace policykb
