#include "indexer/structure/passages.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/strings.h"
#include "core/text/sentences.h"
#include "core/text/utf8.h"
#include "indexer/structure/title_words.h"

namespace policykb {
namespace {

using std::string_view;

// Between the headings of sections that share a passage.
constexpr string_view kHeadingJoin = " / ";

// "di yi zhang zong ze": a provision's heading as it is shown in a path.
std::string HeadingOf(const Provision& provision) {
  if (provision.label.empty()) return provision.heading;
  if (provision.heading.empty()) return provision.label;
  // "yi," needs no space behind its comma.
  const bool comma = provision.label.ends_with("、");
  return Cat(provision.label, comma ? "" : " ", provision.heading);
}

string_view WithoutComma(string_view label) {
  if (label.ends_with("、")) label.remove_suffix(string_view("、").size());
  return label;
}

std::string ProvisionLabel(const Provision& provision) {
  switch (provision.level) {
    case ProvisionLevel::kPreamble:
      return "";
    case ProvisionLevel::kArticle:
      return provision.label;
    case ProvisionLevel::kTopic:
      if (provision.heading.empty()) return std::string(WithoutComma(provision.label));
      return provision.label.ends_with("、") ? provision.heading : HeadingOf(provision);
    default:
      return HeadingOf(provision);
  }
}

std::string PassageLabel(const Document& document, const std::string& provision_label) {
  if (document.language == "zh") return Cat("《", document.title, "》", provision_label);
  if (provision_label.empty()) return document.title;
  return Cat(document.title, ", ", provision_label);
}

// Spans that are not cut: lines, or the sentences of a line that is too long, or parts of such a
// sentence.
class Units {
 public:
  Units(string_view text, const std::vector<TextLine>& lines) : text_(text), lines_(lines) {}

  std::vector<Span> Of(size_t first, size_t last) const {
    std::vector<Span> units;
    for (size_t i = first; i < last; ++i) {
      const Span line = lines_[i].span;
      if (line.size() <= kMaxPassageBytes) {
        units.push_back(line);
        continue;
      }
      for (const Span sentence : SplitSentences(Slice(text_, line))) {
        AddSentence({line.start + sentence.start, line.start + sentence.end}, units);
      }
    }
    return units;
  }

 private:
  void AddSentence(Span sentence, std::vector<Span>& units) const {
    while (sentence.size() > kMaxSentenceBytes) {
      const string_view window = text_.substr(sentence.start, kMaxPassageBytes);
      size_t cut = 0;
      for (const string_view mark : {"；", "，", "、", ";", ",", " "}) {
        const size_t at = window.rfind(mark);
        if (at != string_view::npos && at >= kMaxPassageBytes / 2) {
          cut = at + mark.size();
          break;
        }
      }
      if (cut == 0) cut = FloorToChar(text_, sentence.start + kMaxPassageBytes) - sentence.start;
      const auto middle = static_cast<uint32_t>(sentence.start + cut);
      Push({sentence.start, middle}, units);
      sentence.start = middle;
    }
    Push(sentence, units);
  }

  // Blanks at the ends belong to no unit.
  void Push(Span span, std::vector<Span>& units) const {
    while (!span.empty() && text_[span.start] == ' ') ++span.start;
    while (!span.empty() && text_[span.end - 1] == ' ') --span.end;
    if (!span.empty()) units.push_back(span);
  }

  string_view text_;
  const std::vector<TextLine>& lines_;
};

bool LeadsOn(string_view unit) { return unit.ends_with("：") || unit.ends_with(":"); }

// Joins units into pieces of about the same size, none above the limit unless one unit is.
std::vector<Span> JoinUnits(string_view text, const std::vector<Span>& units) {
  std::vector<Span> pieces;
  if (units.empty()) return pieces;
  // Size at which the piece that begins at `start` is to end, so that the rest gives pieces of
  // equal size.
  const auto target_from = [&units](uint32_t start) {
    const size_t rest = units.back().end - start;
    return rest / ((rest + kMaxPassageBytes - 1) / kMaxPassageBytes);
  };
  Span piece = units.front();
  size_t target = target_from(piece.start);
  bool leads_on = LeadsOn(Slice(text, piece));
  for (size_t i = 1; i < units.size(); ++i) {
    const Span unit = units[i];
    const bool fits = unit.end - piece.start <= kMaxPassageBytes;
    // Full enough: the next unit would carry it further past the target than it is short of it now.
    const bool full =
        piece.size() >= target || (unit.end - piece.start > target &&
                                   unit.end - piece.start - target > target - piece.size());
    if (fits && (!full || leads_on)) {
      piece.end = unit.end;
    } else {
      pieces.push_back(piece);
      piece = unit;
      target = target_from(piece.start);
    }
    leads_on = LeadsOn(Slice(text, unit));
  }
  pieces.push_back(piece);
  return pieces;
}

class Cutter {
 public:
  Cutter(const Document& document, const std::vector<TextLine>& lines,
         const std::vector<int32_t>& owner)
      : document_(document), lines_(lines), owner_(owner), units_(document.text, lines) {}

  std::vector<Passage> Run(ShortSections short_sections) {
    for (size_t i = 0; i < owner_.size();) {
      Stretch lines = StretchAt(i);
      i = lines.last;
      if (owner_[lines.first] == kNoOwner) continue;
      std::vector<size_t> nodes = {NodeOf(lines)};
      while (short_sections == ShortSections::kJoin && i < owner_.size()) {
        Stretch next = StretchAt(i);
        // The heading of the next section, which is in no passage of its own.
        if (owner_[i] == kNoOwner && next.last == i + 1 && next.last < owner_.size())
          next = StretchAt(next.last);
        if (!MayJoin(lines, nodes.back(), next)) break;
        nodes.push_back(NodeOf(next));
        lines.last = i = next.last;
      }
      Cut(nodes, lines);
    }
    return std::move(passages_);
  }

 private:
  // Consecutive lines of one owner.
  struct Stretch {
    size_t first = 0;
    size_t last = 0;  // behind it
  };

  Stretch StretchAt(size_t first) const {
    size_t last = first + 1;
    while (last < owner_.size() && owner_[last] == owner_[first]) ++last;
    return {first, last};
  }
  size_t NodeOf(const Stretch& lines) const { return static_cast<size_t>(owner_[lines.first]); }
  size_t BytesOf(size_t first, size_t last) const {
    return lines_[last - 1].span.end - lines_[first].span.start;
  }

  // Whether the section of `next` goes into the passage of `joined`, whose last section is `node`.
  bool MayJoin(const Stretch& joined, size_t node, const Stretch& next) const {
    if (owner_[next.first] == kNoOwner) return false;
    const Provision& before = document_.provisions[node];
    const Provision& after = document_.provisions[NodeOf(next)];
    return before.level == ProvisionLevel::kTopic && after.level == ProvisionLevel::kTopic &&
           before.parent == after.parent && IsMinor(before) && IsMinor(after) &&
           LastBytesOf(node, joined) <= kShortSectionBytes &&
           BytesOf(next.first, next.last) <= kShortSectionBytes &&
           BytesOf(joined.first, next.last) <= kMaxJoinedBytes;
  }
  // What people ask a guide by name, its fees or its telephone, is an answer of its own.
  static bool IsMinor(const Provision& section) {
    return !section.heading.empty() && !IsGuideSection(section.heading);
  }
  // Of the lines of `node`, the last section of `joined`.
  size_t LastBytesOf(size_t node, const Stretch& joined) const {
    size_t first = joined.last - 1;
    while (first > joined.first && owner_[first - 1] == static_cast<int32_t>(node)) --first;
    return BytesOf(first, joined.last);
  }

  void Cut(const std::vector<size_t>& nodes, const Stretch& lines) {
    const auto [first, last] = lines;
    const size_t node = nodes.front();
    const Span all{lines_[first].span.start, lines_[last - 1].span.end};
    const std::vector<Span> pieces = all.size() <= kMaxPassageBytes
                                         ? std::vector<Span>{all}
                                         : JoinUnits(document_.text, units_.Of(first, last));
    const Provision& provision = document_.provisions[node];
    Passage passage;
    passage.document_id = document_.id;
    passage.address = provision.address;
    passage.provision_label = ProvisionLabel(provision);
    passage.heading_path = HeadingPath(node);
    for (size_t i = 1; i < nodes.size(); ++i) {
      const Provision& joined = document_.provisions[nodes[i]];
      passage.address += Cat(kAddressJoin, joined.address);
      passage.provision_label +=
          Cat(document_.language == "zh" ? "、" : "; ", ProvisionLabel(joined));
      passage.heading_path.back() += Cat(kHeadingJoin, HeadingOf(joined));
    }
    passage.label = PassageLabel(document_, passage.provision_label);
    passage.title = document_.title;
    const std::string name = Cat("documents/", document_.id, "/provisions/", passage.address);
    const std::vector<std::string> headings = passage.heading_path;
    for (size_t i = 0; i < pieces.size(); ++i) {
      passage.name = pieces.size() == 1 ? name : Cat(name, "~", i + 1);
      passage.heading_path = headings;
      if (const TextLine* header = TableHeaderAbove(pieces[i].start, lines))
        passage.heading_path.emplace_back(Slice(document_.text, header->span));
      passage.span = pieces[i];
      passage.text = Slice(document_.text, pieces[i]);
      passages_.push_back(passage);
    }
  }

  // The row that names the columns of the table in which `start` is, null where it is in none or in
  // that row itself.
  const TextLine* TableHeaderAbove(uint32_t start, const Stretch& lines) const {
    size_t line = lines.first;
    while (line + 1 < lines.last && lines_[line + 1].span.start <= start) ++line;
    for (; lines_[line].kind == BlockKind::kTableRow && !lines_[line].table_header; --line) {
      if (line == lines.first) return nullptr;
    }
    const bool inside = lines_[line].table_header && lines_[line].span.end < start;
    return inside ? &lines_[line] : nullptr;
  }

  // Headings that stand above the text of a node, outermost first: its own too, unless its text
  // begins with its label.
  std::vector<std::string> HeadingPath(size_t node) const {
    std::vector<std::string> path;
    const Provision* provision = &document_.provisions[node];
    if (provision->level == ProvisionLevel::kArticle || provision->heading.empty()) {
      if (provision->parent < 0) return path;
      provision = &document_.provisions[static_cast<size_t>(provision->parent)];
    }
    for (;;) {
      if (std::string heading = HeadingOf(*provision); !heading.empty())
        path.push_back(std::move(heading));
      if (provision->parent < 0) break;
      provision = &document_.provisions[static_cast<size_t>(provision->parent)];
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Document& document_;
  const std::vector<TextLine>& lines_;
  const std::vector<int32_t>& owner_;
  Units units_;
  std::vector<Passage> passages_;
};

}  // namespace

std::vector<Passage> CutPassages(const Document& document, const std::vector<TextLine>& lines,
                                 const std::vector<int32_t>& owner, ShortSections short_sections) {
  return Cutter(document, lines, owner).Run(short_sections);
}

}  // namespace policykb
