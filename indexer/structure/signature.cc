#include "indexer/structure/signature.h"

#include <algorithm>
#include <optional>

#include "core/text/document_number.h"
#include "core/text/provision_reference.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/labels.h"
#include "indexer/structure/promulgation.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxDateLineBytes = 150;
constexpr size_t kMaxOrganLineBytes = 90;
constexpr size_t kMaxOrganLines = 4;
constexpr size_t kMaxTitleLineBytes = 150;
constexpr size_t kMaxTitleLines = 3;
constexpr size_t kMaxAnnexLines = 12;
constexpr size_t kMaxContentsLines = 300;

bool HasPunctuation(string_view words) {
  for (const string_view mark : {"。", "；", "：", "，", "！", "？", ";", ":"}) {
    if (words.find(mark) != string_view::npos) return true;
  }
  return false;
}

bool HasLabel(string_view words) {
  return ConsumeArticleLabel(words) || ReadHeadingLabel(words) || ReadTopicLabel(words) ||
         ReadItemLabel(words) || ReadAnnexLabel(words);
}

bool IsOrganLine(string_view words) {
  return !words.empty() && words.size() <= kMaxOrganLineBytes && !HasPunctuation(words) &&
         !HasLabel(words) && EndsLikeOrgan(WithoutBlanks(words));
}

// "zong li  X": a person signs with the post held.
bool IsPersonLine(string_view words) {
  constexpr size_t kMaxPersonBytes = 45;
  if (words.size() > kMaxPersonBytes || HasPunctuation(words)) return false;
  for (const string_view post : {"总理", "部长", "省长", "市长", "主任", "局长", "县长", "主席",
                                 "署长", "行长", "州长", "区长", "院长", "检察长"}) {
    if (words.starts_with(post)) return true;
  }
  return false;
}

bool IsRemark(string_view words) {
  if (words.size() > kMaxOrganLineBytes) return false;
  if (!(words.starts_with("（") && words.ends_with("）")) &&
      !(words.starts_with("(") && words.ends_with(")"))) {
    return false;
  }
  for (const string_view word : {"公开", "删减", "此件", "发至"}) {
    if (words.find(word) != string_view::npos) return true;
  }
  return false;
}

bool IsContents(string_view words) { return words.size() <= 20 && WithoutBlanks(words) == "目录"; }

bool IsTitleLine(const TextLine& line, string_view words) {
  return (line.kind == BlockKind::kParagraph || line.kind == BlockKind::kHeading) &&
         words.size() <= kMaxTitleLineBytes && !HasPunctuation(words) && !HasLabel(words) &&
         !words.starts_with("（") && !words.starts_with("(") && !IsContents(words) &&
         !ConsumeDate(words) && FindDocumentNumbers(words).empty();
}

class Finder {
 public:
  Finder(string_view text, const std::vector<TextLine>& lines, size_t header_lines)
      : text_(text), lines_(lines), header_lines_(header_lines) {}

  std::vector<Signature> Run() {
    std::vector<Signature> found;
    for (size_t i = header_lines_; i < lines_.size(); ++i) {
      auto signature = At(i);
      if (!signature) continue;
      signature->title_end = TitleEnd(text_, lines_, signature->end);
      signature->contents_end = signature->title_end;
      if (signature->title_end > signature->end) {
        signature->contents_end = ContentsEnd(signature->title_end);
      }
      signature->annexes = AnnexListBegin(signature->begin);
      i = signature->contents_end - 1;
      found.push_back(*std::move(signature));
    }
    return found;
  }

 private:
  string_view Words(size_t line) const { return Slice(text_, lines_[line].span); }

  // The signature whose day stands in line `i`, alone or behind the organ.
  std::optional<Signature> At(size_t i) const {
    const string_view words = Words(i);
    if (lines_[i].kind != BlockKind::kParagraph || words.size() > kMaxDateLineBytes)
      return std::nullopt;
    const std::vector<TextDate> dates = FindDates(words);
    if (dates.size() != 1 || dates[0].span.end != words.size()) return std::nullopt;
    Signature signature;
    signature.date = dates[0].date;
    signature.begin = i;
    const string_view before = StripBlanks(words.substr(0, dates[0].span.start));
    bool signs = false;
    if (!before.empty()) {
      if (!IsOrganLine(before)) return std::nullopt;
      signature.issuer = OrganNames(before);
      signs = true;
    }
    for (size_t line = i; before.empty() && line > header_lines_ && i - line < kMaxOrganLines;
         --line) {
      const string_view above = Words(line - 1);
      if (lines_[line - 1].kind != BlockKind::kParagraph) break;
      if (IsOrganLine(above)) {
        signature.issuer = signature.issuer.empty()
                               ? OrganNames(above)
                               : OrganNames(above).append(" ").append(signature.issuer);
      } else if (!IsPersonLine(above)) {
        break;
      }
      signature.begin = line - 1;
      signs = true;
    }
    if (!signs) return std::nullopt;
    signature.end = i + 1;
    if (signature.end < lines_.size() && IsRemark(Words(signature.end))) ++signature.end;
    return signature;
  }

  // Behind a table of contents at `at`: it ends where its first entry stands once more.
  size_t ContentsEnd(size_t at) const {
    if (at + 1 >= lines_.size() || !IsContents(Words(at))) return at;
    const std::string first = WithoutBlanks(Words(at + 1));
    const size_t last = std::min(lines_.size(), at + kMaxContentsLines);
    for (size_t i = at + 2; i < last; ++i) {
      if (WithoutBlanks(Words(i)) == first) return i;
    }
    return at;
  }

  // "fu jian: 1. ..." with its further lines directly above a signature.
  size_t AnnexListBegin(size_t begin) const {
    for (size_t i = begin; i > header_lines_ && begin - i < kMaxAnnexLines; --i) {
      const string_view words = Words(i - 1);
      if (lines_[i - 1].kind == BlockKind::kTableRow || words.size() > kMaxTitleLineBytes) break;
      const auto annex = ReadAnnexLabel(words);
      if (annex) return annex->size < words.size() ? i - 1 : begin;
      if (words.ends_with("。") || words.ends_with("：")) break;
    }
    return begin;
  }

  string_view text_;
  const std::vector<TextLine>& lines_;
  size_t header_lines_;
};

}  // namespace

size_t TitleEnd(string_view text, const std::vector<TextLine>& lines, size_t at) {
  size_t end = at;
  while (end < lines.size() && end - at <= kMaxTitleLines &&
         IsTitleLine(lines[end], Slice(text, lines[end].span))) {
    ++end;
  }
  // More such lines are a list; at the end nothing is left that they could be the title of.
  return end < lines.size() && end - at <= kMaxTitleLines ? end : at;
}

std::vector<Signature> FindSignatures(string_view text, const std::vector<TextLine>& lines,
                                      size_t header_lines) {
  return Finder(text, lines, header_lines).Run();
}

}  // namespace policykb
