#include "core/text/document_number.h"

#include <optional>
#include <utility>

#include "core/base/strings.h"
#include "core/text/reference_scan.h"
#include "core/text/utf8.h"

namespace policykb {

using std::string_view;

namespace {

// Characters of an organ's short form before a bracketed year or an order's "ling".
string_view OrganBefore(string_view text, size_t floor, size_t end) {
  size_t start = end;
  for (int chars = 0; chars < 40 && start > floor; ++chars) {
    const size_t previous = PreviousChar(text, start);
    const char32_t code = DecodeChar(text, previous).code;
    // A comma joins the organs of one order.
    if (previous < floor || !(IsHan(code) || code == 0x3001)) break;
    start = previous;
  }
  string_view organ = text.substr(start, end - start);
  for (const string_view word :
       {"文号", "文件", "发布的", "印发的", "公布的", "下发的", "已经", "已由", "以"}) {
    const size_t at = organ.rfind(word);
    if (at != string_view::npos) organ.remove_prefix(at + word.size());
  }
  organ = StripLead(organ);
  while (organ.starts_with("、")) organ.remove_prefix(string_view("、").size());
  if (organ.starts_with("中华人民共和国")) {
    organ.remove_prefix(string_view("中华人民共和国").size());
  }
  return organ;
}

}  // namespace

std::vector<DocumentNumber> FindDocumentNumbers(string_view text) {
  static constexpr std::pair<string_view, string_view> kBrackets[] = {
      {"〔", "〕"}, {"[", "]"},   {"［", "］"}, {"（", "）"}, {"(", ")"},
      {"【", "】"}, {"〖", "〗"}, {"﹝", "﹞"}, {"{", "}"},   {"〈", "〉"}};
  std::vector<DocumentNumber> found;
  size_t floor = 0;
  const auto serial_at = [text](size_t from) -> std::optional<NumberInText> {
    size_t i = SkipSpaces(text, from);
    if (text.substr(i, 3) == "第") i = SkipSpaces(text, i + 3);
    const auto number = NumberAt(text, i);
    if (!number) return std::nullopt;
    const size_t end = SkipSpaces(text, number->end);
    if (text.substr(end, 3) != "号") return std::nullopt;
    return NumberInText{number->value, end + 3};
  };
  for (size_t at = 0; at < text.size();) {
    const size_t step = DecodeChar(text, at).size;
    if (text.substr(at, 3) == "令") {
      const size_t next = SkipSpaces(text, at + 3);
      const bool open = text.substr(next, 3) == "（" || text.substr(next, 1) == "(";
      const size_t from = open ? next + (text[next] == '(' ? 1 : 3) : next;
      if (text.substr(SkipSpaces(text, from), 3) == "第") {
        const auto serial = serial_at(from);
        const string_view organ = OrganBefore(text, floor, at + 3);
        if (serial && organ.size() > 3) {
          const size_t start = static_cast<size_t>(organ.data() - text.data());
          found.push_back({Cat(ReplaceAll(organ, "中华人民共和国", ""), "第", serial->value, "号"),
                           MakeSpan(start, serial->end)});
          at = floor = serial->end;
          continue;
        }
      }
      at += step;
      continue;
    }
    bool matched = false;
    for (const auto& [open, close] : kBrackets) {
      if (text.substr(at, open.size()) != open) continue;
      const auto year = NumberAt(text, SkipSpaces(text, at + open.size()));
      if (!year || year->value < 1900 || year->value > 2999) break;
      size_t end = year->end;
      if (text.substr(end, 3) == "年") end += 3;
      end = SkipSpaces(text, end);
      if (text.substr(end, close.size()) != close) break;
      const auto serial = serial_at(end + close.size());
      if (!serial) break;
      const string_view organ = OrganBefore(text, floor, SkipSpacesBackward(text, at, floor));
      if (organ.empty()) break;
      const size_t start = static_cast<size_t>(organ.data() - text.data());
      found.push_back(
          {Cat(organ, "〔", year->value, "〕", serial->value, "号"), MakeSpan(start, serial->end)});
      at = floor = serial->end;
      matched = true;
      break;
    }
    if (!matched) at += step;
  }
  return found;
}

}  // namespace policykb
