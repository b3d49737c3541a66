#include "indexer/structure/quality.h"

#include <algorithm>
#include <string_view>

#include "core/base/strings.h"
#include "core/text/sentences.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/passages.h"

namespace policykb {
namespace {

using std::string_view;

// Remarks of one kind about one document.
constexpr size_t kMaxOfOneKind = 50;

size_t Count(string_view text, string_view word) {
  size_t count = 0;
  for (size_t at = text.find(word); at != string_view::npos;
       at = text.find(word, at + word.size())) {
    ++count;
  }
  return count;
}

// Walks along the lines as the positions asked for go forward.
class LineFinder {
 public:
  explicit LineFinder(const std::vector<TextLine>& lines) : lines_(lines) {}

  const TextLine& At(uint32_t start) {
    while (next_ + 1 < lines_.size() && lines_[next_ + 1].span.start <= start) ++next_;
    return lines_[next_];
  }

 private:
  const std::vector<TextLine>& lines_;
  size_t next_ = 0;
};

// Why one sentence is so long.
string_view ReasonOf(const Passage& passage, const TextLine& line) {
  if (line.kind == BlockKind::kTableRow) return "a table row";
  constexpr size_t kManyParts = 8;
  const string_view text = passage.text;
  if (Count(text, "；") + Count(text, ";") + Count(text, "、") >= kManyParts)
    return "an enumeration";
  if (Count(text, " ") > text.size() / 4) return "words in columns";
  return "a long sentence";
}

}  // namespace

void CheckStructure(const Document& document, const std::vector<TextLine>& lines,
                    const std::vector<Passage>& passages, std::vector<Remark>& remarks) {
  LineFinder provision_line(lines);
  size_t twice = 0;
  for (const Provision& provision : document.provisions) {
    const bool second = provision.level == ProvisionLevel::kArticle &&
                        provision.address.find('_') != std::string::npos;
    if (!second || ++twice > kMaxOfOneKind) continue;
    remarks.push_back({RemarkKind::kArticleTwice,
                       provision_line.At(provision.span.start).source_line,
                       Cat(provision.address, ", another ", provision.label)});
  }
  LineFinder passage_line(lines);
  size_t told = 0;
  for (const Passage& passage : passages) {
    if (told >= kMaxOfOneKind) break;
    const TextLine& line = passage_line.At(passage.span.start);
    const size_t size = passage.text.size();
    if (StripBlanks(passage.text).empty()) {
      remarks.push_back({RemarkKind::kEmptyPassage, line.source_line, passage.name});
      ++told;
    }
    if (size <= kLongSentenceBytes) continue;
    const bool one_sentence = SplitSentences(passage.text).size() == 1;
    if (!one_sentence && size <= kMaxPassageBytes) continue;
    ++told;
    remarks.push_back(
        {one_sentence ? RemarkKind::kLongSentence : RemarkKind::kLongPassage, line.source_line,
         one_sentence
             ? Cat(passage.name, ", one sentence of ", size, " bytes, ", ReasonOf(passage, line))
             : Cat(passage.name, ", ", size, " bytes, limit ", kMaxPassageBytes)});
  }
  if (passages.empty()) {
    remarks.push_back({RemarkKind::kNoPassage, lines.back().source_line,
                       "no passage, the text is headings only"});
  }
}

}  // namespace policykb
