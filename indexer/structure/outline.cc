#include "indexer/structure/outline.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/base/strings.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/article_starts.h"
#include "indexer/structure/labels.h"
#include "indexer/structure/signature.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxHeadingBytes = 400;
// Paragraphs of one article with an address of their own; what comes behind belongs to the last
// one.
constexpr int64_t kMaxParagraphs = 999;
constexpr int32_t kNone = -1;

ProvisionLevel LevelOf(HeadingRank rank) {
  switch (rank) {
    case HeadingRank::kPart:
    case HeadingRank::kSubpart:
      return ProvisionLevel::kPart;
    case HeadingRank::kChapter:
      return ProvisionLevel::kChapter;
    case HeadingRank::kSection:
      return ProvisionLevel::kSection;
  }
  return ProvisionLevel::kChapter;
}

string_view StemOf(HeadingRank rank) {
  switch (rank) {
    case HeadingRank::kPart:
      return "part";
    case HeadingRank::kSubpart:
      return "sub";
    case HeadingRank::kChapter:
      return "ch";
    case HeadingRank::kSection:
      return "sec";
  }
  return "ch";
}

std::string Heading(string_view words) {
  return CleanHeading(
      words.substr(0, FloorToChar(words, std::min(words.size(), kMaxHeadingBytes))));
}

class Builder {
 public:
  Builder(string_view text, const std::vector<TextLine>& lines, size_t header_lines)
      : text_(text), lines_(lines), header_lines_(header_lines) {
    outline_.owner.assign(lines.size(), kNoOwner);
  }

  absl::StatusOr<Outline> Build() {
    ArticleStarts found = FindArticleStarts(text_, lines_, header_lines_);
    starts_ = std::move(found.starts);
    outline_.remarks = std::move(found.remarks);
    outline_.has_articles = !starts_.empty();
    if (starts_.empty()) FindTopics();
    ReadHeader();
    signatures_ = FindSignatures(text_, lines_, header_lines_);
    size_t next_start = 0;
    for (size_t i = header_lines_; i < lines_.size(); ++i) {
      if (outline_.provisions.size() > kMaxProvisions) {
        return absl::InvalidArgumentError(
            Cat("line ", lines_[i].source_line, ": more than ", kMaxProvisions, " provisions"));
      }
      while (signature_ < signatures_.size() && signatures_[signature_].end < i) ++signature_;
      if (i < title_end_) {
        Grow(i);
      } else if (BeginsAttached(i, next_start)) {
        i = signatures_[signature_].contents_end - 1;
      } else if (next_start < starts_.size() && starts_[next_start].line == i) {
        BeginArticle(starts_[next_start++]);
      } else if (!ReadHeading(i, next_start) && !ContinuesHeading(i, next_start)) {
        AddText(i);
      }
    }
    CloseAll();
    return std::move(outline_);
  }

 private:
  struct Open {
    int32_t node = kNone;
    int rank = 0;   // as HeadingRank; 0 for an annex
    int level = 0;  // of the Markdown heading, 0 for a plain line
    int64_t topics = 0;
  };

  string_view Words(size_t line) const { return Slice(text_, lines_[line].span); }

  // Headings in the header: the second and later ones name a part of the law.
  void ReadHeader() {
    bool titled = false;
    for (size_t i = 0; i < header_lines_; ++i) {
      if (lines_[i].kind != BlockKind::kHeading) continue;
      if (titled && lines_[i].level == 1 && outline_.has_articles && !ReadHeadingLabel(Words(i))) {
        AddHeading(i, static_cast<int>(HeadingRank::kPart), ProvisionLevel::kPart,
                   Cat("part", ++unnumbered_parts_), "", Heading(Words(i)));
      }
      titled = true;
    }
  }

  // Decides what divides a text without articles: Markdown headings, else lines "yi, ...".
  void FindTopics() {
    int64_t enumerated = 0;
    for (size_t i = header_lines_; i < lines_.size(); ++i) {
      if (lines_[i].kind == BlockKind::kHeading) heading_topics_ = true;
      if (const auto label = ReadTopicLabel(Words(i)); label && label->number == enumerated + 1)
        ++enumerated;
    }
    enumerated_topics_ = !heading_topics_ && enumerated >= 2;
  }

  std::string Unique(std::string address) {
    const int count = ++addresses_[address];
    if (count == 1) return address;
    return Unique(Cat(address, "_", count));
  }

  int32_t AddNode(ProvisionLevel level, int32_t parent, std::string address, std::string label,
                  std::string heading, Span span) {
    Provision node;
    node.address = Unique(std::move(address));
    node.level = level;
    node.label = std::move(label);
    node.heading = std::move(heading);
    node.parent = parent;
    node.span = span;
    outline_.provisions.push_back(std::move(node));
    return static_cast<int32_t>(outline_.provisions.size()) - 1;
  }

  Provision& Node(int32_t node) { return outline_.provisions[static_cast<size_t>(node)]; }

  int32_t Parent() const { return open_.empty() ? kNone : open_.back().node; }

  // Nodes below the headings: their spans grow with their lines.
  void EndArticle() {
    article_ = paragraph_ = item_ = subitem_ = kNone;
    text_owner_ = kNone;
  }

  void CloseHeadings(int rank, int level) {
    while (!open_.empty()) {
      const Open& top = open_.back();
      if (top.rank == 0 && rank != 0) break;
      const bool by_level = level > 0 && top.level > 0 && (rank > 4 || top.rank > 4);
      if (by_level ? top.level < level : top.rank < rank) break;
      open_.pop_back();
    }
  }

  void AddHeading(size_t line, int rank, ProvisionLevel level, std::string address,
                  std::string label, std::string heading) {
    EndArticle();
    const int32_t node = AddNode(level, Parent(), std::move(address), std::move(label),
                                 std::move(heading), lines_[line].span);
    open_.push_back({node, rank, lines_[line].level});
    Grow(line);
  }

  // Extends the spans of all open nodes over a line.
  void Grow(size_t line) {
    const uint32_t end = lines_[line].span.end;
    for (const int32_t node : {article_, paragraph_, item_, subitem_, text_owner_}) {
      if (node != kNone) Node(node).span.end = end;
    }
    for (const Open& open : open_) Node(open.node).span.end = end;
  }

  void CloseAll() {
    EndArticle();
    open_.clear();
  }

  // Begins the text that stands with a title of its own behind a signature that ends at line `i`.
  bool BeginsAttached(size_t i, size_t next_start) {
    if (signature_ == signatures_.size()) return false;
    const Signature& signature = signatures_[signature_];
    if (signature.end != i || signature.title_end == i) return false;
    open_.clear();
    EndArticle();
    // The rules that a notice issues are what the document is about: they stand for themselves.
    if (outline_.has_articles && next_start == 0) return true;
    AddHeading(i, 0, ProvisionLevel::kTopic, Cat("attached", ++attached_), "",
               TitleOf(i, signature.title_end));
    Grow(signature.title_end - 1);
    return true;
  }

  // The heading that lines [first, end) are together.
  std::string TitleOf(size_t first, size_t end) const {
    if (first == end) return "";
    const Span span{lines_[first].span.start, lines_[end - 1].span.end};
    return Heading(ReplaceAll(Slice(text_, span), "\n", " "));
  }

  // The list of annexes above a signature, which heads none of them.
  bool IsAnnexList(size_t i) const {
    return signature_ < signatures_.size() && signatures_[signature_].annexes <= i &&
           i < signatures_[signature_].begin;
  }

  // Headings, topics and annexes; false when the line is text.
  bool ReadHeading(size_t i, size_t next_start) {
    const TextLine& line = lines_[i];
    const bool markdown = line.kind == BlockKind::kHeading;
    if (line.kind == BlockKind::kTableRow || line.kind == BlockKind::kListEntry) return false;
    const string_view words = Words(i);
    if (const auto annex = ReadAnnexLabel(words);
        annex && (text_seen_ || markdown) && !IsAnnexList(i)) {
      open_.clear();
      annexes_ = annex->number > 0 ? annex->number : annexes_ + 1;
      string_view label = StripBlanks(words.substr(0, annex->size));
      for (const string_view mark : {"：", ":", "."}) {
        if (label.ends_with(mark)) label.remove_suffix(mark.size());
      }
      // Under a label alone the title stands in the next lines.
      const bool label_alone = annex->size == words.size();
      title_end_ = label_alone ? TitleEnd(text_, lines_, i + 1) : i + 1;
      AddHeading(i, 0, ProvisionLevel::kTopic, Cat("annex", annexes_), Heading(label),
                 label_alone ? TitleOf(i + 1, title_end_) : Heading(words.substr(annex->size)));
      return true;
    }
    if (const auto label = ReadHeadingLabel(words)) {
      const string_view rest = words.substr(label->size);
      if (markdown || CanBeHeading(rest)) {
        AddLabelled(i, *label, rest);
        return true;
      }
    }
    if (markdown) {
      AddTopic(i, words, line.level + 4);
      return true;
    }
    if (outline_.has_articles) return ReadPlainTopic(i, next_start);
    return enumerated_topics_ && ReadEnumeratedTopic(i);
  }

  // A heading set in two lines: short words between a labelled heading and the first article below
  // it.
  bool ContinuesHeading(size_t i, size_t next_start) {
    const bool between = i > 0 && heading_line_ == i - 1 && next_start < starts_.size() &&
                         starts_[next_start].line == i + 1;
    if (!between || open_.empty() || lines_[i].kind != BlockKind::kParagraph) return false;
    const string_view words = Words(i);
    constexpr size_t kMaxChars = 45;
    if (words.size() > kMaxChars * 3) return false;
    for (const string_view mark : {"。", "；", "：", ".", ";", ":"}) {
      if (words.find(mark) != string_view::npos) return false;
    }
    Provision& above = Node(open_.back().node);
    above.heading = CleanHeading(above.heading + ' ' + Heading(words));
    Grow(i);
    return true;
  }

  void AddLabelled(size_t i, const HeadingLabel& label, string_view rest) {
    CloseHeadings(static_cast<int>(label.rank), lines_[i].level);
    std::string address = Cat(StemOf(label.rank), label.number);
    if (label.suffix > 0) address += Cat("-", label.suffix);
    if (!open_.empty()) address = Cat(Node(open_.back().node).address, ".", address);
    heading_line_ = i;
    AddHeading(i, static_cast<int>(label.rank), LevelOf(label.rank), std::move(address),
               WithoutBlanksUnlessEnglish(Words(i).substr(0, label.size)), Heading(rest));
  }

  static std::string WithoutBlanksUnlessEnglish(string_view label) {
    return static_cast<unsigned char>(label.front()) < 0x80 ? CleanHeading(label)
                                                            : WithoutBlanks(label);
  }

  // `rank` is 5 and more for Markdown headings, whose own levels count among them.
  int32_t AddTopic(size_t i, string_view words, int rank) {
    CloseHeadings(rank, lines_[i].level);
    std::string label;
    if (const auto topic = ReadTopicLabel(words)) {
      label = WithoutBlanks(words.substr(0, topic->size));
      words = words.substr(topic->size);
    }
    std::string address;
    if (open_.empty()) {
      address = Cat("s", ++top_topics_);
    } else {
      Open& above = open_.back();
      const Provision& parent = Node(above.node);
      const bool below_topic = parent.level == ProvisionLevel::kTopic;
      address = Cat(parent.address, below_topic ? "." : ".s", ++above.topics);
    }
    AddHeading(i, rank, ProvisionLevel::kTopic, std::move(address), std::move(label),
               Heading(words));
    return open_.back().node;
  }

  // In a law as plain lines: "yi, yi ban gui ding" or "fu ze" right before an article.
  bool ReadPlainTopic(size_t i, size_t next_start) {
    if (next_start >= starts_.size() || starts_[next_start].line != i + 1) return false;
    const string_view words = Words(i);
    const std::string compact = words.size() <= 40 ? WithoutBlanks(words) : std::string();
    const auto label = ReadTopicLabel(words);
    const bool enumerated =
        label && CanBeHeading(words.substr(label->size)) && label->number == plain_topics_ + 1;
    if (!enumerated && compact != "总则" && compact != "附则") return false;
    if (enumerated) ++plain_topics_;
    AddTopic(i, words, static_cast<int>(HeadingRank::kChapter));
    return true;
  }

  // "yi, ..." in a text without articles and headings: a heading, or the first sentence of the
  // topic's text.
  bool ReadEnumeratedTopic(size_t i) {
    const string_view words = Words(i);
    const auto label = ReadTopicLabel(words);
    if (!label || (label->number != plain_topics_ + 1 && label->number != 1)) return false;
    plain_topics_ = label->number;
    const string_view rest = words.substr(label->size);
    if (CanBeHeading(rest) && i + 1 < lines_.size()) {
      const auto next = ReadTopicLabel(Words(i + 1));
      if (!next || next->number != label->number + 1) {
        AddTopic(i, words, static_cast<int>(HeadingRank::kChapter));
        return true;
      }
    }
    CloseHeadings(static_cast<int>(HeadingRank::kChapter), 0);
    const int32_t node =
        AddTopic(i, words.substr(0, label->size), static_cast<int>(HeadingRank::kChapter));
    text_seen_ = true;
    outline_.owner[i] = node;
    return true;
  }

  void BeginArticle(const ArticleStart& start) {
    EndArticle();
    const size_t i = start.line;
    const TextLine& line = lines_[i];
    const string_view words = Words(i);
    string_view rest = words.substr(start.label_size);
    std::string heading;
    if (start.english && CanBeHeading(rest) && i + 1 < lines_.size()) {
      while (!rest.empty() &&
             (rest[0] == '.' || rest[0] == ':' || rest[0] == ' ' || rest[0] == '-')) {
        rest.remove_prefix(1);
      }
      heading = Heading(rest);
      rest = {};
    } else if (const string_view marked = StripBlanks(rest); marked.starts_with("【")) {
      const size_t close = marked.find("】");
      if (close != string_view::npos) heading = Heading(marked.substr(3, close - 3));
    } else if (line.kind == BlockKind::kHeading) {
      heading = Heading(rest);
    }
    article_ = AddNode(ProvisionLevel::kArticle, Parent(), ArticleAddress(start.article),
                       WithoutBlanksUnlessEnglish(words.substr(0, start.label_size)),
                       std::move(heading), line.span);
    english_ = start.english;
    paragraphs_ = 0;
    text_seen_ = true;
    outline_.owner[i] = article_;
    rest = StripBlanks(rest);
    if (!rest.empty()) {
      const auto at = static_cast<uint32_t>(rest.data() - text_.data());
      AddParagraphText(rest, {at, line.span.end});
    }
    Grow(i);
  }

  void AddText(size_t i) {
    text_seen_ = true;
    const TextLine& line = lines_[i];
    if (article_ != kNone) {
      outline_.owner[i] = article_;
      if (line.kind != BlockKind::kTableRow || paragraph_ == kNone)
        AddParagraphText(Words(i), line.span);
      Grow(i);
      return;
    }
    if (open_.empty() && text_owner_ == kNone) {
      text_owner_ = AddNode(ProvisionLevel::kPreamble, kNone, "preamble", "", "", line.span);
    }
    outline_.owner[i] = open_.empty() ? text_owner_ : open_.back().node;
    Grow(i);
  }

  // One line of an article: a paragraph of its own, or an item of the one before.
  void AddParagraphText(string_view words, Span span) {
    const auto label = ReadItemLabel(words);
    const bool numbered_paragraph =
        english_ && label &&
        (label->style == ItemStyle::kArabicBracket || label->style == ItemStyle::kArabicDot);
    if (label && !numbered_paragraph) {
      if (paragraph_ == kNone) NewParagraph(++paragraphs_, "", span);
      AddItem(*label, words, span);
      return;
    }
    if (!label && paragraph_ != kNone && words.starts_with("- ")) return;
    if (paragraphs_ >= kMaxParagraphs) return;
    ++paragraphs_;
    if (numbered_paragraph) paragraphs_ = label->number;
    NewParagraph(paragraphs_, numbered_paragraph ? words.substr(0, label->size) : "", span);
  }

  void NewParagraph(int64_t number, string_view label, Span span) {
    item_ = subitem_ = kNone;
    paragraph_ =
        AddNode(ProvisionLevel::kParagraph, article_, Cat(Node(article_).address, ".para", number),
                std::string(label), "", span);
  }

  void AddItem(const ItemLabel& label, string_view words, Span span) {
    const bool below = item_ != kNone && label.style != item_style_;
    const int32_t parent = below ? item_ : paragraph_;
    subitem_ = kNone;
    if (!below) item_ = kNone;
    const int32_t node = AddNode(below ? ProvisionLevel::kSubitem : ProvisionLevel::kItem, parent,
                                 Cat(Node(parent).address, below ? ".sub" : ".item", label.number),
                                 std::string(words.substr(0, label.size)), "", span);
    if (below) {
      subitem_ = node;
    } else {
      item_ = node;
      item_style_ = label.style;
    }
  }

  string_view text_;
  const std::vector<TextLine>& lines_;
  size_t header_lines_;
  Outline outline_;
  std::vector<ArticleStart> starts_;
  std::vector<Signature> signatures_;
  size_t title_end_ = 0;  // behind the lines of an annex's title
  size_t signature_ = 0;  // the first one that ends at the current line or later
  std::unordered_map<std::string, int> addresses_;
  bool heading_topics_ = false;
  bool enumerated_topics_ = false;

  std::vector<Open> open_;  // headings above the current line, outermost first
  int64_t unnumbered_parts_ = 0, annexes_ = 0, attached_ = 0, top_topics_ = 0, plain_topics_ = 0;
  bool text_seen_ = false;
  size_t heading_line_ = SIZE_MAX;  // of the last labelled heading

  int32_t article_ = kNone, paragraph_ = kNone, item_ = kNone, subitem_ = kNone;
  int32_t text_owner_ = kNone;  // the preamble while it goes on
  bool english_ = false;
  int64_t paragraphs_ = 0;
  ItemStyle item_style_ = ItemStyle::kChineseBracket;
};

}  // namespace

absl::StatusOr<Outline> BuildOutline(string_view text, const std::vector<TextLine>& lines,
                                     size_t header_lines) {
  return Builder(text, lines, header_lines).Build();
}

}  // namespace policykb
