#include "generator/text_blocks.h"

#include "core/text/numerals.h"
#include "core/text/sentences.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> starts) {
  for (const std::string_view start : starts) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

// Behind a numeral or a single letter: what closes an enumerator.
bool StartsWithEnumeratorEnd(std::string_view text) {
  return StartsWithAny(text, {"、", "．", ")", "）"}) ||
         (text.starts_with('.') && (text.size() == 1 || text[1] < '0' || text[1] > '9'));
}

bool BeginsWithEnumerator(std::string_view line) {
  if (StartsWithAny(line, {"- ", "* ", "+ ", "• ", "· ", "●", "－ "})) return true;
  if (!line.empty()) {
    const char32_t first = DecodeChar(line, 0).code;
    // Circled and bracketed numbers.
    if (first >= 0x2460 && first <= 0x249B) return true;
    if (first >= 0x3220 && first <= 0x3229) return true;
  }
  const bool bracket = StartsWithAny(line, {"(", "（"});
  std::string_view rest = line;
  if (bracket) rest.remove_prefix(DecodeChar(rest, 0).size);
  size_t size = 0;
  if (const auto numeral = ConsumeNumeral(rest)) {
    size = numeral->size;
  } else if (!rest.empty() && ((rest[0] >= 'a' && rest[0] <= 'z') ||
                               (bracket && rest[0] >= 'A' && rest[0] <= 'Z'))) {
    size = 1;
  }
  if (size == 0) return false;
  rest.remove_prefix(size);
  return bracket ? StartsWithAny(rest, {")", "）"}) : StartsWithEnumeratorEnd(rest);
}

// A row of a Markdown table, or of one whose outer bars were taken off.
bool IsTableRow(std::string_view line) {
  line = line.substr(0, line.find_first_of("\r\n"));
  return line.starts_with('|') || line.find(" | ") != std::string_view::npos;
}

bool EndsInColon(std::string_view text) { return text.ends_with("：") || text.ends_with(':'); }

// Start of the line that holds `at`, behind its white space.
size_t LineStart(std::string_view text, size_t at) {
  const size_t end = text.substr(0, at).find_last_of("\r\n");
  size_t start = end == std::string_view::npos ? 0 : end + 1;
  for (;;) {
    if (start < at && (text[start] == ' ' || text[start] == '\t')) {
      ++start;
    } else if (text.substr(start).starts_with("　")) {
      start += std::string_view("　").size();
    } else {
      return start;
    }
  }
}

}  // namespace

std::vector<RoleSentence> FindSentenceRoles(std::string_view text) {
  std::vector<RoleSentence> sentences;
  size_t line_start = 0;
  SentenceRole line_role = SentenceRole::kPlain;
  bool has_anchor = false;
  size_t anchor = 0;
  for (const Span span : SplitSentences(text)) {
    const size_t index = sentences.size();
    if (index == 0 || text.substr(sentences.back().span.end, span.start - sentences.back().span.end)
                              .find_first_of("\r\n") != std::string_view::npos) {
      line_start = LineStart(text, span.start);
      const std::string_view line = text.substr(line_start);
      if (IsTableRow(line)) {
        line_role = SentenceRole::kTableRow;
      } else if (line.starts_with('#')) {
        line_role = SentenceRole::kHeading;
      } else {
        line_role = BeginsWithEnumerator(line) ? SentenceRole::kEnumerated : SentenceRole::kPlain;
      }
    }
    RoleSentence sentence{.span = span, .role = line_role, .hangs_on = index};
    const bool hangs =
        line_role == SentenceRole::kEnumerated || line_role == SentenceRole::kTableRow;
    if (hangs && has_anchor) {
      sentence.hangs_on = anchor;
      RoleSentence& head = sentences[anchor];
      if (head.role == SentenceRole::kPlain) head.role = SentenceRole::kLeadIn;
    } else if (line_role == SentenceRole::kTableRow) {
      has_anchor = true;
      anchor = index;
    } else if (!hangs) {
      has_anchor = EndsInColon(Slice(text, span));
      anchor = index;
    }
    sentences.push_back(sentence);
  }
  return sentences;
}

}  // namespace policykb
