#include "generator/grounding/force_words.h"

namespace policykb {
namespace {

// At each place the longest counts.
constexpr ForceWord kForceWords[] = {
    {"应当", kOblige},          {"必须", kOblige},          {"须", kOblige},
    {"应于", kOblige},          {"应在", kOblige},          {"应由", kOblige},
    {"应向", kOblige},          {"应按", kOblige},          {"应依法", kOblige},
    {"应及时", kOblige},        {"需要", kOblige},          {"需", kOblige},
    {"所需", kNothing},         {"必需", kNothing},         {"急需", kNothing},
    {"根据需要", kNothing},     {"实际需要", kNothing},     {"工作需要", kNothing},
    {"的需要", kNothing},       {"和需要", kNothing},       {"予以", kGrant},
    {"准予", kGrant},           {"不应当", kForbid},        {"不应", kForbid},
    {"对应", kNothing},         {"相应", kNothing},         {"不得", kForbid},
    {"禁止", kForbid},          {"严禁", kForbid},          {"不可以", kForbid},
    {"不能", kForbid},          {"不允许", kForbid},        {"不准", kForbid},
    {"不许", kForbid},          {"不得不", kOblige},        {"可以", kPermit},
    {"允许", kPermit},          {"有权", kPermit},          {"无权", kForbid},
    {"可以不", kNotRequired},   {"无需", kNotRequired},     {"无须", kNotRequired},
    {"不需要", kNotRequired},   {"不需", kNotRequired},     {"毋需", kNotRequired},
    {"不必", kNotRequired},     {"不用", kNotRequired},     {"免于", kNotRequired},
    {"不予", kRefuse},          {"must not", kForbid},      {"shall not", kForbid},
    {"may not", kForbid},       {"cannot", kForbid},        {"can not", kForbid},
    {"prohibited", kForbid},    {"forbidden", kForbid},     {"not allowed", kForbid},
    {"not permitted", kForbid}, {"need not", kNotRequired}, {"not required", kNotRequired},
    {"no need", kNotRequired},  {"not need", kNotRequired}, {"not necessary", kNotRequired},
    {"must", kOblige},          {"shall", kOblige},         {"should", kOblige},
    {"required to", kOblige},   {"has to", kOblige},        {"have to", kOblige},
    {"need to", kOblige},       {"needs to", kOblige},      {"may", kPermit},
    {"can", kPermit},           {"allowed", kPermit},       {"permitted", kPermit},
    {"entitled", kPermit},
};

bool IsAsciiLetter(char c) { return c >= 'a' && c <= 'z'; }

bool IsWordAt(std::string_view text, size_t at, std::string_view word) {
  if (!text.substr(at).starts_with(word)) return false;
  if (!IsAsciiLetter(word[0])) return true;
  const size_t end = at + word.size();
  return (at == 0 || !IsAsciiLetter(text[at - 1])) &&
         (end >= text.size() || !IsAsciiLetter(text[end]));
}

}  // namespace

const ForceWord* ForceWordAt(std::string_view text, size_t at) {
  const ForceWord* longest = nullptr;
  for (const ForceWord& word : kForceWords) {
    if (IsWordAt(text, at, word.spelling) &&
        (longest == nullptr || word.spelling.size() > longest->spelling.size())) {
      longest = &word;
    }
  }
  return longest;
}

}  // namespace policykb
