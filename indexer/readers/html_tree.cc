#include "indexer/readers/html_tree.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <optional>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxAttributeBytes = 2048;
constexpr std::array<string_view, 12> kKeptAttributes = {
    "align", "alt",     "aria-hidden", "colspan", "hidden", "role",
    "size",  "rowspan", "start",       "style",   "type",   "value"};
constexpr std::array<string_view, 2> kRawElements = {"script", "style"};

string_view View(const xmlChar* text) {
  return text == nullptr ? string_view() : string_view(reinterpret_cast<const char*>(text));
}

template <size_t N>
bool IsOneOf(const std::array<string_view, N>& names, string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Looks at the tags before libxml2 does, which compares each attribute of a tag with all others and
// looks for the open tag of each closing one among all that are open.
class TagCheck {
 public:
  explicit TagCheck(string_view page) : page_(page) {}

  absl::Status Run() {
    size_t tags = 0;
    for (size_t at = page_.find('<'); at < page_.size(); at = page_.find('<', at)) {
      if (page_.substr(at, 4) == "<!--") {
        at = std::min(page_.find("-->", at + 4), page_.size());
        continue;
      }
      if (++tags > kMaxHtmlNodes) {
        return absl::InvalidArgumentError(Cat("more than ", kMaxHtmlNodes, " tags"));
      }
      if (at + 1 < page_.size() && std::isalpha(static_cast<unsigned char>(page_[at + 1])) != 0) {
        RETURN_IF_ERROR(ReadTag(at));
      } else {
        ++at;
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadTag(size_t& at) {
    const size_t start = at++;
    std::string name;
    while (at < page_.size() && std::isalnum(static_cast<unsigned char>(page_[at])) != 0) {
      if (name.size() < 8) {
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(page_[at])));
      }
      ++at;
    }
    size_t words = 0;
    char quote = '\0';
    for (; at < page_.size() && (quote != '\0' || page_[at] != '>'); ++at) {
      const char c = page_[at];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (!IsSpace(c) && c != '/' &&
                 (IsSpace(page_[at - 1]) || page_[at - 1] == '/' || page_[at - 1] == '"' ||
                  page_[at - 1] == '\'')) {
        ++words;
      }
    }
    // A value may be set off by blanks on both sides of "=".
    if (words > 3 * kMaxHtmlAttributes) {
      const auto line =
          1 + std::count(page_.begin(), page_.begin() + static_cast<ptrdiff_t>(start), '\n');
      return absl::InvalidArgumentError(
          Cat("line ", line, ": a tag with more than ", kMaxHtmlAttributes, " attributes"));
    }
    if (IsOneOf(kRawElements, name)) SkipRaw(name, at);
    return absl::OkStatus();
  }

  void SkipRaw(string_view name, size_t& at) const {
    for (at = page_.find("</", at); at < page_.size(); at = page_.find("</", at + 2)) {
      bool same = true;
      for (size_t i = 0; i < name.size() && same; ++i) {
        same = at + 2 + i < page_.size() &&
               std::tolower(static_cast<unsigned char>(page_[at + 2 + i])) == name[i];
      }
      if (same) return;
    }
    at = page_.size();
  }

  string_view page_;
};

// Takes what libxml2 reports and makes the tree.
class Builder {
 public:
  explicit Builder(htmlParserCtxtPtr parser) : parser_(parser) {}

  HtmlTree Finish() {
    while (!open_.empty()) Close();
    return std::move(tree_);
  }
  const std::string& problem() const { return problem_; }

  void StartElement(string_view name, const xmlChar** attributes) {
    // Elements stay open in libxml2 whether they are kept here or not.
    if (++depth_ > kMaxHtmlDepth) {
      return Stop(Cat("elements nested deeper than ", kMaxHtmlDepth));
    }
    if (!Add()) return;
    HtmlNode& node = tree_.back();
    node.name = name;
    for (const xmlChar** next = attributes; next != nullptr && *next != nullptr; next += 2) {
      const string_view key = View(next[0]);
      if (!IsOneOf(kKeptAttributes, key)) continue;
      node.attributes.emplace_back(key, View(next[1]).substr(0, kMaxAttributeBytes));
    }
    open_.push_back(tree_.size() - 1);
  }

  void EndElement(string_view name) {
    if (open_.empty() || tree_[open_.back()].name != name) return;
    --depth_;
    Close();
  }

  void Words(string_view words) {
    const bool raw = !open_.empty() && IsOneOf(kRawElements, tree_[open_.back()].name);
    if (raw || words.empty()) return;
    // One run of words arrives in parts.
    if (!tree_.empty() && tree_.back().is_text() && last_text_parent_ == Parent()) {
      tree_.back().text += words;
      tree_.back().line = Line();
      return;
    }
    if (!Add()) return;
    tree_.back().text = words;
    tree_.back().end = static_cast<uint32_t>(tree_.size());
    last_text_parent_ = Parent();
  }

 private:
  size_t Parent() const { return open_.empty() ? SIZE_MAX : open_.back(); }

  bool Add() {
    if (!problem_.empty()) return false;
    if (tree_.size() >= kMaxHtmlNodes) {
      Stop(Cat("more than ", kMaxHtmlNodes, " elements"));
      return false;
    }
    tree_.emplace_back();
    tree_.back().line = Line();
    return true;
  }

  void Close() {
    tree_[open_.back()].end = static_cast<uint32_t>(tree_.size());
    open_.pop_back();
  }

  uint32_t Line() const {
    return parser_->input == nullptr ? 0 : static_cast<uint32_t>(std::max(parser_->input->line, 0));
  }

  void Stop(const std::string& problem) {
    if (problem_.empty()) problem_ = Cat("line ", Line(), ": ", problem);
    xmlStopParser(parser_);
  }

  htmlParserCtxtPtr parser_;
  HtmlTree tree_;
  std::vector<size_t> open_;
  size_t last_text_parent_ = SIZE_MAX;
  int depth_ = 0;
  std::string problem_;
};

void OnStartElement(void* builder, const xmlChar* name, const xmlChar** attributes) {
  static_cast<Builder*>(builder)->StartElement(View(name), attributes);
}
void OnEndElement(void* builder, const xmlChar* name) {
  static_cast<Builder*>(builder)->EndElement(View(name));
}
void OnWords(void* builder, const xmlChar* words, int size) {
  static_cast<Builder*>(builder)->Words(
      string_view(reinterpret_cast<const char*>(words), static_cast<size_t>(size)));
}

struct FreeParser {
  void operator()(htmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

}  // namespace

std::optional<string_view> HtmlNode::Attribute(string_view key) const {
  for (const auto& [name_of, value] : attributes) {
    if (name_of == key) return value;
  }
  return std::nullopt;
}

absl::StatusOr<HtmlTree> ParseHtml(string_view page) {
  RETURN_IF_ERROR(TagCheck(page).Run());
  [[maybe_unused]] static const bool initialised = (xmlInitParser(), true);
  const std::unique_ptr<htmlParserCtxt, FreeParser> parser(htmlNewParserCtxt());
  if (parser == nullptr) return absl::ResourceExhaustedError("no memory for libxml2's parser");
  Builder builder(parser.get());
  htmlSAXHandler handler{};
  handler.startElement = &OnStartElement;
  handler.endElement = &OnEndElement;
  handler.characters = &OnWords;
  handler.ignorableWhitespace = &OnWords;
  *parser->sax = handler;
  parser->userData = &builder;
  // Without a tree of its own it returns none.
  htmlCtxtReadMemory(parser.get(), page.data(), static_cast<int>(page.size()), nullptr, "UTF-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                         HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
  if (!builder.problem().empty()) return absl::InvalidArgumentError(builder.problem());
  if (parser->disableSAX != 0) {
    const char* message = parser->lastError.message;
    return absl::InvalidArgumentError(
        Cat("line ", parser->lastError.line, ": libxml2 gave up",
            message == nullptr ? "" : Cat(": ", StripAsciiSpace(message))));
  }
  return builder.Finish();
}

}  // namespace policykb
