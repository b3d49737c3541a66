#include "core/text/redaction.h"

#include <algorithm>
#include <array>

#include "core/text/digit_run.h"
#include "core/text/personal_number.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr size_t kFewestDigits = 7;

bool IsWordOfAddress(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
  return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
         (code >= 'A' && code <= 'Z') || code == '.' || code == '_' || code == '+' || code == '-' ||
         code == '%';
}

bool IsSign(char32_t code) { return code == '@' || code == 0xFF20 || code == 0xFE6B; }

// The ends of an e-mail address around the sign at `at`, in `out` and `text`. Blanks beside the
// sign are part of it where a domain with a point follows.
bool TakeAddress(std::u32string_view text, size_t& at, std::u32string& out) {
  constexpr size_t kMostBlanks = 2;
  size_t first = at + 1;
  while (first < text.size() && text[first] == ' ' && first <= at + kMostBlanks) ++first;
  size_t end = first;
  bool has_point = false;
  for (; end < text.size() && IsWordOfAddress(text[end]); ++end)
    has_point |= end > first && (text[end] == '.' || text[end] == 0xFF0E);
  size_t last = out.size();
  while (last > 0 && out[last - 1] == ' ' && out.size() - last < kMostBlanks) --last;
  size_t begin = last;
  while (begin > 0 && IsWordOfAddress(out[begin - 1])) --begin;
  const bool apart = first > at + 1 || last < out.size();
  if (end == first) return false;
  // Of a name that is not of such letters, the domain goes.
  if (begin == last && (apart || !has_point)) return false;
  if (apart && !has_point) return false;
  out.resize(begin);
  out += U"[e-mail]";
  at = end;
  return true;
}

// The label of a number that is struck out though nothing is known of its form.
std::u32string_view LabelByLength(size_t digits) {
  if (digits == 15 || digits == 18) return U"[id]";
  return digits >= 16 && digits <= 19 ? U"[card]" : U"[number]";
}

std::u32string_view LabelOf(PersonalNumber form, const DigitRun& run) {
  switch (form) {
    case PersonalNumber::kIdentity:
      return U"[id]";
    case PersonalNumber::kPhone:
      return U"[phone]";
    case PersonalNumber::kCard:
      return U"[card]";
    case PersonalNumber::kNone:
      break;
  }
  return LabelByLength(run.digits.size() + (run.x_end > 0 ? 1 : 0));
}

// The end of the longest number of a person that begins at the run's beginning and ends with one of
// its groups; 0 when there is none.
size_t PersonalEnd(const DigitRun& run, size_t first_group, PersonalNumber& form) {
  size_t end = 0;
  const size_t from = run.groups[first_group].first;
  for (size_t last = first_group; last < run.groups.size(); ++last) {
    const DigitGroup& group = run.groups[last];
    if (group.first + group.count - from > kMostPersonalDigits) break;
    const std::span<const int> digits =
        std::span(run.digits).subspan(from, group.first + group.count - from);
    const bool is_last = last + 1 == run.groups.size();
    if (is_last && run.x_end > 0) {
      if (const PersonalNumber with_x = FormOf(digits, true); with_x != PersonalNumber::kNone) {
        form = with_x;
        end = run.x_end;
        break;
      }
    }
    if (const PersonalNumber found = FormOf(digits, false); found != PersonalNumber::kNone) {
      form = found;
      end = group.end;
    }
  }
  return end;
}

bool HoldsPersonal(const DigitRun& run) {
  PersonalNumber form = PersonalNumber::kNone;
  for (size_t group = 0; group < run.groups.size(); ++group) {
    if (PersonalEnd(run, group, form) > 0) return true;
  }
  return false;
}

enum class Writer { kPerson, kProgram };

struct Stretch {
  size_t end = 0;
  std::u32string_view label = {};  // empty: stays
};

// What becomes of the digits at `at`.
Stretch Judge(std::u32string_view text, size_t at, Writer writer) {
  PersonalNumber form = PersonalNumber::kNone;
  const DigitRun wide = FindDigitRun(text, at, Joined::kLoosely);
  if (writer == Writer::kProgram) {
    if (const size_t end = ProgramWordEnd(text, at); end > at) return {.end = end};
  }
  if (const size_t end = PersonalEnd(wide, 0, form); end > 0)
    return {.end = end, .label = LabelOf(form, wide)};
  if (const size_t end = DateEnd(text, at); end > at) return {.end = end};
  const DigitRun run = FindDigitRun(text, at, Joined::kClosely);
  if (run.digits.size() < kFewestDigits) {
    // None of them begins another number of a person; what follows the first group may.
    return {.end = run.groups.front().end};
  }
  if (IsPlainlyOther(text, run) && !HoldsPersonal(run)) return {.end = run.end()};
  const size_t end = run.x_end > 0 && run.digits.size() == 17 ? run.x_end : run.end();
  return {.end = end, .label = LabelOf(PersonalNumber::kNone, run)};
}

std::string Redact(std::string_view bytes, Writer writer) {
  // Without a digit, a sign of an address or a letter beyond ASCII there is nothing to strike out.
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x80 && (c < '0' || c > '9') && c != '@';
      })) {
    return std::string(bytes);
  }
  std::u32string text;
  for (size_t at = 0; at < bytes.size();) {
    const DecodedChar c = DecodeChar(bytes, at);
    text += c.code;
    at += c.size;
  }
  // Addresses first: their numbers are part of them.
  std::u32string without_addresses;
  for (size_t at = 0; at < text.size();) {
    if (IsSign(text[at]) && TakeAddress(text, at, without_addresses)) continue;
    without_addresses += text[at++];
  }
  text = std::move(without_addresses);
  std::string redacted;
  for (size_t at = 0; at < text.size();) {
    Stretch stretch{.end = at + 1};
    if (DigitOf(text[at])) stretch = Judge(text, at, writer);
    for (const char32_t code : stretch.label) AppendUtf8(redacted, code);
    for (; stretch.label.empty() && at < stretch.end; ++at) AppendUtf8(redacted, text[at]);
    at = stretch.end;
  }
  return redacted;
}

}  // namespace

std::string RedactPersonalNumbers(std::string_view text) { return Redact(text, Writer::kPerson); }

std::string RedactMessage(std::string_view text) { return Redact(text, Writer::kProgram); }

}  // namespace policykb
