#include "generator/prompt.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

// Earlier turns longer than this say little more and cost passages.
constexpr size_t kMaxTurnBytes = 2000;
constexpr size_t kMaxRewriteHistoryBytes = 6000;

// What a message costs beside its text: role and marks of the chat template.
constexpr size_t kTokensPerMessage = 10;

std::string_view CutAtChar(std::string_view text, size_t bytes) {
  return text.substr(0, FloorToChar(text, std::min(bytes, text.size())));
}

std::string OneLine(std::string_view text) {
  std::string line = NeutralizeDelimiters(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\r', ' ');
  std::replace(line.begin(), line.end(), '"', '\'');
  return line;
}

// The latest turns whose bytes are at most `most`, oldest first; what they take is taken from
// `left`.
std::vector<ChatMessage> History(const v1::AnswerSpec& spec, size_t most, size_t& left) {
  std::vector<ChatMessage> reversed;
  size_t taken = 0;
  for (int i = spec.history_size() - 1; i >= 0; --i) {
    const v1::Turn& turn = spec.history(i);
    std::string question = NeutralizeDelimiters(CutAtChar(turn.question(), kMaxTurnBytes));
    std::string answer = NeutralizeDelimiters(CutAtChar(turn.answer(), kMaxTurnBytes));
    taken += question.size() + answer.size() + 2 * kTokensPerMessage;
    if (taken > most) break;
    left -= std::min(left, question.size() + answer.size() + 2 * kTokensPerMessage);
    if (!answer.empty()) reversed.push_back({ChatRole::kAssistant, std::move(answer)});
    reversed.push_back({ChatRole::kUser, std::move(question)});
  }
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

std::vector<ChatMessage> Messages(const PromptTemplate& words,
                                  const std::map<std::string_view, std::string_view>& values) {
  return {{ChatRole::kSystem, words.system}, {ChatRole::kUser, FillTemplate(words.user, values)}};
}

}  // namespace

std::string NeutralizeDelimiters(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    switch (c.code) {
      case '<':
      case 0xFF1C:  // full-width less-than sign
      case 0xFE64:  // small less-than sign
      case 0x2039:  // single angle quotation mark
        out += "〈";
        break;
      case '>':
      case 0xFF1E:
      case 0xFE65:
      case 0x203A:
        out += "〉";
        break;
      default:
        AppendUtf8(out, c.code);
    }
  }
  return out;
}

Prompt BuildPrompt(const PromptTemplates& templates, const v1::AnswerSpec& spec,
                   const v1::SearchResponse& found, Language language, const PromptBudget& budget,
                   std::string_view boundary) {
  const PromptTemplate& words = templates.Get(PromptKind::kAnswer, language);
  const std::string question = NeutralizeDelimiters(spec.question());
  const size_t fixed = MostTokens(words.system, budget.family) +
                       MostTokens(words.user, budget.family) + question.size() +
                       2 * kTokensPerMessage;
  size_t left = budget.max_tokens - std::min(fixed, budget.max_tokens);

  Prompt prompt;
  prompt.messages.push_back({ChatRole::kSystem, words.system});
  for (ChatMessage& message : History(spec, left / 4, left)) {
    prompt.messages.push_back(std::move(message));
  }
  left = std::max(left, budget.max_tokens / 4);
  std::string passages;
  for (const v1::Hit& hit : found.hits()) {
    const std::string head = Cat("<passage ", boundary, " number=\"", prompt.passages + 1,
                                 "\" source=\"", OneLine(hit.passage().label()), "\">\n");
    const std::string tail = Cat("\n</passage ", boundary, ">");
    std::string text = NeutralizeDelimiters(hit.passage().text());
    const size_t around = MostTokens(head, budget.family) + MostTokens(tail, budget.family);
    if (around + MostTokens(text, budget.family) > left) {
      if (prompt.passages > 0) break;
      text.resize(PrefixOfTokens(text, left - std::min(left, around), budget.family));
    }
    left -= std::min(left, around + MostTokens(text, budget.family));
    passages += Cat(passages.empty() ? "" : "\n", head, text, tail);
    ++prompt.passages;
  }
  prompt.messages.push_back({ChatRole::kUser, FillTemplate(words.user, {{"boundary", boundary},
                                                                        {"passages", passages},
                                                                        {"question", question}})});
  return prompt;
}

std::vector<ChatMessage> BuildRewritePrompt(const PromptTemplates& templates,
                                            const v1::AnswerSpec& spec, Language language) {
  size_t unlimited = SIZE_MAX;
  std::string history;
  for (const ChatMessage& message : History(spec, kMaxRewriteHistoryBytes, unlimited)) {
    history += Cat(message.role == ChatRole::kUser ? "Q: " : "A: ", message.content, "\n");
  }
  const std::string question = NeutralizeDelimiters(spec.question());
  return Messages(templates.Get(PromptKind::kRewrite, language),
                  {{"history", history}, {"question", question}});
}

std::vector<ChatMessage> BuildPassagePrompt(const PromptTemplates& templates,
                                            const v1::AnswerSpec& spec, Language language) {
  const std::string question = NeutralizeDelimiters(spec.question());
  return Messages(templates.Get(PromptKind::kPassage, language), {{"question", question}});
}

}  // namespace policykb
