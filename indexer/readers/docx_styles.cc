#include "indexer/readers/docx_styles.h"

#include <cctype>
#include <charconv>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kMaxStyles = 10'000;
// Word allows no chain this long; it also ends circles.
constexpr int kMaxBasedOn = 12;

std::string LowerCase(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The level in "heading 1", "Heading1" and the Chinese "biao ti 1"; 0 for other names.
int HeadingLevelOfName(std::string_view name) {
  const std::string lower = LowerCase(name);
  std::string_view rest = lower;
  for (const std::string_view word : {"heading", "标题"}) {
    if (!rest.starts_with(word)) continue;
    rest = StripAsciiSpace(rest.substr(word.size()));
    if (rest.size() == 1 && rest[0] >= '1' && rest[0] <= '9') return rest[0] - '0';
    return 0;
  }
  return 0;
}

bool IsTitleName(std::string_view name) { return LowerCase(name) == "title" || name == "标题"; }

bool IsContentsName(std::string_view name) {
  const std::string lower = LowerCase(name);
  return lower.starts_with("toc ") || lower == "table of figures" || lower.starts_with("目录 ");
}

// Reads behind the start of w:numPr to behind its end.
absl::Status ReadListPlace(XmlReader& reader, DocxListPlace& place) {
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:numPr") || event->kind == XmlEvent::Kind::kFinished) break;
    if (event->Starts("w:numId")) place.list = event->Attribute("val");
    if (event->Starts("w:ilvl")) place.level = SmallNumber(event->Attribute("val"), 8);
  }
  return absl::OkStatus();
}

}  // namespace

bool IsOn(const XmlEvent& toggle) {
  const std::string_view value = toggle.Attribute("val");
  return value != "0" && value != "false" && value != "off";
}

std::optional<int> SmallNumber(std::string_view text, int limit) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > limit) {
    return std::nullopt;
  }
  return value;
}

absl::StatusOr<DocxParagraphProperties> ReadParagraphProperties(XmlReader& reader) {
  DocxParagraphProperties out;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:pPr") || event->kind == XmlEvent::Kind::kFinished) return out;
    if (event->kind != XmlEvent::Kind::kStart) continue;
    if (event->name == "w:pStyle") {
      out.style = event->Attribute("val");
    } else if (event->name == "w:outlineLvl") {
      out.outline_level = SmallNumber(event->Attribute("val"), 9);
    } else if (event->name == "w:numPr") {
      RETURN_IF_ERROR(ReadListPlace(reader, out.list));
    } else if (event->name == "w:del" || event->name == "w:moveFrom") {
      out.mark_deleted = true;
    } else if (event->name == "w:b") {
      out.bold = IsOn(*event);
    } else if (event->name == "w:pPrChange" || event->name == "w:rPrChange" ||
               event->name == "w:sectPr") {
      RETURN_IF_ERROR(reader.Skip());  // what it was before a tracked change, or of pages
    }
  }
}

absl::StatusOr<DocxStyles> DocxStyles::Parse(std::string_view xml) {
  DocxStyles out;
  if (xml.empty()) return out;
  XmlReader reader(xml, "styles part");
  std::string id;
  Style style;
  bool inside = false;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return out;
    if (event->Starts("w:style")) {
      style = Style();
      id = event->Attribute("styleId");
      inside = event->Attribute("type") == "paragraph" || event->Attribute("type").empty();
    } else if (event->Ends("w:style") && inside) {
      if (out.styles_.size() == kMaxStyles) {
        return absl::ResourceExhaustedError(Cat("styles: more than ", kMaxStyles));
      }
      out.styles_.insert_or_assign(id, std::exchange(style, Style()));
      inside = false;
    } else if (!inside) {
      continue;
    } else if (event->Starts("w:name")) {
      style.name = event->Attribute("val");
    } else if (event->Starts("w:basedOn")) {
      style.based_on = event->Attribute("val");
    } else if (event->Starts("w:b")) {
      style.properties.bold = IsOn(*event);
    } else if (event->Starts("w:pPr")) {
      const bool bold = style.properties.bold;
      ASSIGN_OR_RETURN(style.properties, ReadParagraphProperties(reader));
      style.properties.bold = bold;
    }
  }
}

DocxParagraphStyle DocxStyles::Resolve(const std::string& id) const {
  DocxParagraphStyle out;
  bool leveled = false;
  std::string current = id;
  for (int i = 0; i < kMaxBasedOn && !current.empty(); ++i) {
    const auto found = styles_.find(current);
    if (found == styles_.end()) break;
    const Style& style = found->second;
    out.bold = out.bold || style.properties.bold;
    // Built-in styles that are not the paragraph's own say nothing of contents and title: "TOC
    // Heading" is based on a heading.
    if (i == 0) {
      out.title = IsTitleName(style.name) || current == "Title";
      out.contents = IsContentsName(style.name) || LowerCase(style.name) == "toc heading";
    }
    if (!leveled && style.properties.outline_level) {
      leveled = true;
      out.heading_level =
          *style.properties.outline_level < 9 ? *style.properties.outline_level + 1 : 0;
    }
    if (!leveled) {
      int level = HeadingLevelOfName(style.name);
      if (level == 0) level = HeadingLevelOfName(current);
      out.heading_level = level;
      leveled = level > 0;
    }
    if (out.list.list.empty()) out.list.list = style.properties.list.list;
    if (!out.list.level) out.list.level = style.properties.list.level;
    current = style.based_on;
  }
  return out;
}

}  // namespace policykb
