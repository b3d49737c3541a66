#include "indexer/readers/html_style.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "core/base/strings.h"

namespace policykb {
namespace {

using std::string_view;

constexpr std::array<string_view, 35> kBlocks = {
    "address", "article", "aside", "blockquote", "body",  "caption",  "center",
    "dd",      "details", "div",   "dl",         "dt",    "fieldset", "figcaption",
    "figure",  "footer",  "form",  "header",     "hr",    "html",     "legend",
    "li",      "main",    "ol",    "p",          "pre",   "section",  "summary",
    "table",   "tbody",   "td",    "tfoot",      "thead", "tr",       "ul"};
constexpr std::array<string_view, 19> kApparatus = {
    "script", "style", "nav",    "aside",  "template", "noscript", "iframe",
    "object", "svg",   "canvas", "button", "select",   "textarea", "input",
    "audio",  "video", "map",    "head",   "datalist"};
// Sizes at which words are a title: Chinese documents set it in 22 points, their text in 16 and
// pages in 12.
constexpr double kLargePoints = 17;
constexpr double kPointsPerPixel = 0.75;

template <size_t N>
bool IsOneOf(const std::array<string_view, N>& names, string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string LowerWithoutBlanks(string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n') continue;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// Value of a property of the style attribute, lower case without blanks; the last one counts.
std::string Style(const HtmlNode& node, string_view property) {
  const auto style = node.Attribute("style");
  if (!style) return "";
  std::string value;
  const std::string text = LowerWithoutBlanks(*style);
  for (const string_view part : Split(text, ';')) {
    const size_t colon = part.find(':');
    if (colon != string_view::npos && part.substr(0, colon) == property)
      value = part.substr(colon + 1);
  }
  return value;
}

std::string Roman(int64_t number, bool upper) {
  static constexpr std::pair<int64_t, string_view> kParts[] = {
      {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
      {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
  std::string out;
  for (const auto& [value, letters] : kParts) {
    for (; number >= value; number -= value) out += letters;
  }
  if (upper) {
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string Letters(int64_t number, char first) {
  std::string out;
  for (; number > 0; number = (number - 1) / 26) {
    out.insert(out.begin(), static_cast<char>(first + (number - 1) % 26));
  }
  return out;
}

}  // namespace

uint8_t HtmlHeadingLevel(const HtmlNode& node) {
  const string_view name = node.name;
  const bool heading = name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
  return heading ? static_cast<uint8_t>(name[1] - '0') : uint8_t{0};
}

bool IsHtmlBlock(const HtmlNode& node) {
  return IsOneOf(kBlocks, node.name) || HtmlHeadingLevel(node) > 0;
}

bool IsHtmlApparatus(const HtmlNode& node) {
  return IsOneOf(kApparatus, node.name) || node.Attribute("role") == "navigation";
}

bool IsHiddenHtml(const HtmlNode& node) {
  if (node.attributes.empty()) return false;
  return node.Attribute("hidden") || node.Attribute("aria-hidden") == "true" ||
         Style(node, "display") == "none" || Style(node, "visibility") == "hidden";
}

std::optional<bool> IsCentred(const HtmlNode& node) {
  if (node.name == "center") return true;
  const std::string style = Style(node, "text-align");
  if (!style.empty()) return style == "center";
  const auto align = node.Attribute("align");
  // On a table it places the table.
  if (align && !align->empty() && node.name != "table")
    return LowerWithoutBlanks(*align) == "center";
  return std::nullopt;
}

std::optional<bool> IsEmphasised(const HtmlNode& node) {
  if (node.name == "b" || node.name == "strong") return true;
  if (node.name == "font" && HtmlNumber(node, "size", 1, 7, 3) >= 5) return true;
  const std::string weight = Style(node, "font-weight");
  if (weight == "bold" || weight == "bolder" || weight == "700" || weight == "800" ||
      weight == "900") {
    return true;
  }
  const std::string size = Style(node, "font-size");
  const double number = std::strtod(size.c_str(), nullptr);
  if ((size.ends_with("pt") && number >= kLargePoints) ||
      (size.ends_with("px") && number * kPointsPerPixel >= kLargePoints)) {
    return true;
  }
  if (weight == "normal" || weight == "400") return false;
  return std::nullopt;
}

int64_t HtmlNumber(const HtmlNode& node, string_view key, int64_t least, int64_t most,
                   int64_t otherwise) {
  const auto value = node.Attribute(key);
  if (!value) return otherwise;
  const string_view text = StripAsciiSpace(*value);
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || number < least || number > most) return otherwise;
  return number;
}

std::string ListMark(const HtmlNode* list, int64_t number) {
  constexpr int64_t kMaxRoman = 3999;
  const std::string all = list == nullptr ? "" : Style(*list, "list-style");
  std::string type = list == nullptr ? "" : Style(*list, "list-style-type");
  if (type == "none" || all.starts_with("none")) return "";
  if (list == nullptr || list->name != "ol") return "- ";
  if (type.empty()) type = list->Attribute("type").value_or("1");
  if (number > 0 && (type == "a" || type.ends_with("lower-alpha"))) {
    return Letters(number, 'a') + ". ";
  }
  if (number > 0 && (type == "A" || type.ends_with("upper-alpha"))) {
    return Letters(number, 'A') + ". ";
  }
  const bool roman = number > 0 && number <= kMaxRoman;
  if (roman && (type == "i" || type == "lower-roman")) return Roman(number, false) + ". ";
  if (roman && (type == "I" || type == "upper-roman")) return Roman(number, true) + ". ";
  return Cat(number, ". ");
}

}  // namespace policykb
