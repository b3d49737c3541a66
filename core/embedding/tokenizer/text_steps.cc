#include "core/embedding/tokenizer/text_steps.h"

#include <algorithm>
#include <cstddef>

#include "core/text/unicode_properties.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

template <typename Visit>
void VisitChars(std::string_view text, const Visit& visit) {
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    visit(c.code, text.substr(at, c.size));
    at += c.size;
  }
}

// The blocks that BERT sets apart; kana and hangul are written with spaces or cut by pieces.
bool IsBertHan(char32_t code) {
  return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
         (code >= 0x20000 && code <= 0x2A6DF) || (code >= 0x2A700 && code <= 0x2CEAF) ||
         (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x2F800 && code <= 0x2FA1F);
}

bool IsBertPunctuation(char32_t code) {
  if (code < 0x80) {
    return (code >= 33 && code <= 47) || (code >= 58 && code <= 64) || (code >= 91 && code <= 96) ||
           (code >= 123 && code <= 126);
  }
  return IsPunctuation(code);
}

bool IsDropped(char32_t code) {
  if (code == '\t' || code == '\n' || code == '\r') return false;
  if (code < 0x80) return code < 0x20 || code == 0x7F;
  return code == 0xFFFD || IsOtherCategory(code);
}

}  // namespace

std::string BertText(std::string_view text, const BertTextOptions& options) {
  std::string out;
  out.reserve(text.size() * 2);
  VisitChars(text, [&](char32_t code, std::string_view) {
    if (options.clean && IsDropped(code)) return;
    if (options.clean && IsWhiteSpace(code)) {
      out += ' ';
    } else if (options.separate_han && IsBertHan(code)) {
      out += ' ';
      AppendUtf8(out, code);
      out += ' ';
    } else {
      AppendUtf8(out, code);
    }
  });
  if (options.strip_accents) out = WithoutMarks(ToForm(out, UnicodeForm::kNfd));
  return options.lower_case ? LowerCased(out) : out;
}

std::string ReplaceWhiteSpaceRuns(std::string_view text, std::string_view to) {
  std::string out;
  bool in_run = false;
  VisitChars(text, [&](char32_t code, std::string_view bytes) {
    const bool space = IsWhiteSpace(code);
    if (!space) {
      out += bytes;
    } else if (!in_run) {
      out += to;
    }
    in_run = space;
  });
  return out;
}

std::string ReplaceSpaceRuns(std::string_view text, std::string_view to) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t run = std::min(text.find_first_not_of(' ', at), text.size()) - at;
    if (run >= 2) {
      out += to;
      at += run;
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string WithoutMarks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  VisitChars(text, [&](char32_t code, std::string_view bytes) {
    if (code < 0x80 || !IsNonspacingMark(code)) out += bytes;
  });
  return out;
}

std::string LowerCased(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  VisitChars(text, [&](char32_t code, std::string_view) { AppendLower(out, code); });
  return out;
}

std::string_view StripWhiteSpace(std::string_view text, StripEnds ends) {
  size_t begin = text.size();
  size_t end = 0;
  size_t at = 0;
  VisitChars(text, [&](char32_t code, std::string_view bytes) {
    if (!IsWhiteSpace(code)) {
      begin = std::min(begin, at);
      end = at + bytes.size();
    }
    at += bytes.size();
  });
  if (!ends.left) begin = 0;
  if (!ends.right) end = text.size();
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

std::vector<std::string_view> SplitAtWhiteSpace(std::string_view text) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  size_t at = 0;
  const auto finish = [&] {
    if (at > begin) parts.push_back(text.substr(begin, at - begin));
  };
  VisitChars(text, [&](char32_t code, std::string_view bytes) {
    if (IsWhiteSpace(code)) {
      finish();
      begin = at + bytes.size();
    }
    at += bytes.size();
  });
  finish();
  return parts;
}

std::vector<std::string_view> SplitWordsAndPunctuation(std::string_view text) {
  std::vector<std::string_view> parts;
  for (const std::string_view word : SplitAtWhiteSpace(text)) {
    size_t begin = 0;
    size_t at = 0;
    VisitChars(word, [&](char32_t code, std::string_view bytes) {
      if (IsBertPunctuation(code)) {
        if (at > begin) parts.push_back(word.substr(begin, at - begin));
        parts.push_back(word.substr(at, bytes.size()));
        begin = at + bytes.size();
      }
      at += bytes.size();
    });
    if (begin < word.size()) parts.push_back(word.substr(begin));
  }
  return parts;
}

}  // namespace policykb
