#include "tools/diff_report.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "tools/side_by_side.h"
#include "tools/text_difference.h"

namespace policykb {

namespace {

// Unchanged characters kept beside a change, about a line of a column.
constexpr size_t kContext = 24;
constexpr std::string_view kLeftOut = "...";

// Offsets before each character of `text`, and its size.
std::vector<size_t> CharacterStarts(std::string_view text) {
  std::vector<size_t> starts = {0};
  while (starts.back() < text.size())
    starts.push_back(starts.back() + DecodeChar(text, starts.back()).size);
  return starts;
}

// What stands beside changes: the end of what comes before the first one, the beginning of what
// follows the last, both ends of what is between two.
std::string Shortened(std::string_view text, bool first, bool last) {
  const std::vector<size_t> starts = CharacterStarts(text);
  const size_t characters = starts.size() - 1;
  const size_t head = first ? 0 : kContext;
  const size_t tail = last ? 0 : kContext;
  if (characters <= head + tail + kLeftOut.size()) return std::string(text);
  return Cat(text.substr(0, starts[head]), kLeftOut, text.substr(starts[characters - tail]));
}

std::string ChangedTexts(const ArticleChange& article, size_t columns) {
  if (article.older == article.newer) return "";
  const std::vector<TextStretch> stretches = CompareTexts(article.older, article.newer);
  std::string older;
  std::string newer;
  for (size_t i = 0; i < stretches.size(); ++i) {
    const TextStretch& stretch = stretches[i];
    switch (stretch.kind) {
      case StretchKind::kCommon: {
        const std::string kept = Shortened(stretch.text, i == 0, i + 1 == stretches.size());
        older += kept;
        newer += kept;
        break;
      }
      case StretchKind::kOlder:
        older += Cat("[-", stretch.text, "-]");
        break;
      case StretchKind::kNewer:
        newer += Cat("{+", stretch.text, "+}");
        break;
    }
  }
  return SideBySide(older, newer, columns);
}

std::string FieldLines(const std::vector<FieldChange>& fields) {
  const auto shown = [](const std::string& value) { return value.empty() ? "(none)" : value; };
  std::string text;
  for (const FieldChange& field : fields)
    text += Cat("  ", field.field, ": ", shown(field.older), " -> ", shown(field.newer), "\n");
  return text;
}

std::string ArticleText(const ArticleChange& article, size_t columns) {
  const std::string heading = Cat(article.label, "  ", article.name, "\n");
  if (article.older.empty()) return Cat("added ", heading, SideBySide("", article.newer, columns));
  if (article.newer.empty())
    return Cat("withdrawn ", heading, SideBySide(article.older, "", columns));
  return Cat("changed ", heading, FieldLines(article.fields), ChangedTexts(article, columns));
}

nlohmann::ordered_json ToJson(const std::vector<DocumentLine>& documents) {
  auto list = nlohmann::ordered_json::array();
  for (const DocumentLine& document : documents)
    list.push_back({{"id", document.id}, {"title", document.title}});
  return list;
}

nlohmann::ordered_json ToJson(const std::vector<FieldChange>& fields) {
  auto list = nlohmann::ordered_json::array();
  for (const FieldChange& field : fields)
    list.push_back({{"field", field.field}, {"older", field.older}, {"newer", field.newer}});
  return list;
}

nlohmann::ordered_json ToJson(const DocumentChange& document) {
  nlohmann::ordered_json json = {
      {"id", document.id}, {"title", document.title}, {"fields", ToJson(document.fields)}};
  auto& articles = json["articles"] = nlohmann::ordered_json::array();
  for (const ArticleChange& article : document.articles) {
    articles.push_back({{"name", article.name},
                        {"label", article.label},
                        {"older", article.older},
                        {"newer", article.newer},
                        {"fields", ToJson(article.fields)}});
  }
  return json;
}

}  // namespace

std::string DiffReportText(const SnapshotDiff& diff, size_t columns) {
  std::string text = Cat("from ", diff.from, " to ", diff.to, ": ", diff.added.size(), " added, ",
                         diff.withdrawn.size(), " withdrawn, ", diff.changed.size(), " changed\n");
  const auto list = [&text](std::string_view heading, const std::vector<DocumentLine>& documents) {
    if (!documents.empty()) text += Cat("\n", heading, "\n");
    for (const DocumentLine& document : documents)
      text += Cat("  documents/", document.id, "  ", document.title, "\n");
  };
  list("added", diff.added);
  list("withdrawn", diff.withdrawn);
  for (const DocumentChange& document : diff.changed) {
    text +=
        Cat("\ndocuments/", document.id, "  ", document.title, "\n", FieldLines(document.fields));
    // Spans, headings or the cut into passages may differ where no article reads differently.
    if (document.articles.empty() && document.fields.empty())
      text += "  no article reads differently, headings or structure do\n";
    for (const ArticleChange& article : document.articles)
      text += Cat("\n", ArticleText(article, columns));
  }
  return text;
}

std::string DiffReportJson(const SnapshotDiff& diff) {
  nlohmann::ordered_json json = {{"from", diff.from},
                                 {"to", diff.to},
                                 {"added", ToJson(diff.added)},
                                 {"withdrawn", ToJson(diff.withdrawn)}};
  auto& changed = json["changed"] = nlohmann::ordered_json::array();
  for (const DocumentChange& document : diff.changed) changed.push_back(ToJson(document));
  return json.dump(2) + "\n";
}

}  // namespace policykb
