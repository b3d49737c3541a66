#include "indexer/structure/passages.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/strings.h"
#include "core/text/sentences.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using std::string_view;

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

  std::vector<Passage> Run() {
    for (size_t i = 0; i < owner_.size();) {
      size_t end = i + 1;
      while (end < owner_.size() && owner_[end] == owner_[i]) ++end;
      if (owner_[i] != kNoOwner) Cut(static_cast<size_t>(owner_[i]), i, end);
      i = end;
    }
    return std::move(passages_);
  }

 private:
  void Cut(size_t node, size_t first, size_t last) {
    const Span all{lines_[first].span.start, lines_[last - 1].span.end};
    const std::vector<Span> pieces = all.size() <= kMaxPassageBytes
                                         ? std::vector<Span>{all}
                                         : JoinUnits(document_.text, units_.Of(first, last));
    const Provision& provision = document_.provisions[node];
    Passage passage;
    passage.document_id = document_.id;
    passage.address = provision.address;
    passage.provision_label = ProvisionLabel(provision);
    passage.label = PassageLabel(document_, passage.provision_label);
    passage.heading_path = HeadingPath(node);
    passage.title = document_.title;
    const std::string name = Cat("documents/", document_.id, "/provisions/", provision.address);
    for (size_t i = 0; i < pieces.size(); ++i) {
      passage.name = pieces.size() == 1 ? name : Cat(name, "~", i + 1);
      passage.span = pieces[i];
      passage.text = Slice(document_.text, pieces[i]);
      passages_.push_back(passage);
    }
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
                                 const std::vector<int32_t>& owner) {
  return Cutter(document, lines, owner).Run();
}

}  // namespace policykb
