#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/docx_flow.h"
#include "indexer/readers/docx_numbering.h"
#include "indexer/readers/docx_styles.h"
#include "indexer/readers/ooxml_package.h"
#include "indexer/readers/reader.h"
#include "indexer/readers/text_builder.h"

namespace policykb {
namespace {

constexpr int kMaxHeadingLevel = 6;
// Spans are 32 bits, and a text of this size is no policy.
constexpr size_t kMaxTextBytes = size_t{128} << 20;

// 1 where Word's heading 1 is the second level, as "##" below "#": under a title of its own, and
// where there are several, none of which is the title then.
int LevelShift(const std::vector<DocxBlock>& blocks) {
  const auto count = [&blocks](uint8_t level) {
    return std::count_if(blocks.begin(), blocks.end(), [level](const DocxBlock& block) {
      return block.kind == BlockKind::kHeading && block.level == level;
    });
  };
  return count(0) > 0 || count(1) > 1 ? 1 : 0;
}

}  // namespace

absl::StatusOr<CanonicalText> ReadDocx(std::string_view bytes) {
  ASSIGN_OR_RETURN(OoxmlPackage package, OoxmlPackage::Open(bytes));
  const std::string part = package.main_part();
  ASSIGN_OR_RETURN(const std::vector<Relationship> parts, package.Relationships(part));
  ASSIGN_OR_RETURN(const std::string styles_xml, package.ReadRelated(parts, "styles"));
  ASSIGN_OR_RETURN(const DocxStyles styles, DocxStyles::Parse(styles_xml));
  ASSIGN_OR_RETURN(const std::string numbering_xml, package.ReadRelated(parts, "numbering"));
  ASSIGN_OR_RETURN(DocxNumbering numbering, DocxNumbering::Parse(numbering_xml));

  DocxNotes notes;
  const DocxNotes none;
  for (const auto& [type, element, to] : {std::tuple("footnotes", "w:footnote", &notes.footnotes),
                                          std::tuple("endnotes", "w:endnote", &notes.endnotes)}) {
    ASSIGN_OR_RETURN(const std::string xml, package.ReadRelated(parts, type));
    DocxNumbering no_numbering;
    DocxFlow flow(styles, none, no_numbering);
    ASSIGN_OR_RETURN(*to, flow.ReadNotes(xml, type, element));
  }

  ASSIGN_OR_RETURN(const std::string document, package.Read(part));
  DocxFlow flow(styles, notes, numbering);
  ASSIGN_OR_RETURN(const std::vector<DocxBlock> blocks, flow.Read(document, part));
  const int shift = LevelShift(blocks);
  size_t size = 0;
  for (const DocxBlock& block : blocks) size += block.text.size() + 1;
  if (size > kMaxTextBytes) {
    return absl::ResourceExhaustedError(Cat("text of ", size, " bytes, at most ", kMaxTextBytes));
  }
  TextBuilder builder{CanonicalText()};
  for (const DocxBlock& block : blocks) {
    const bool heading = block.kind == BlockKind::kHeading;
    const int level = heading ? std::min(block.level + shift, kMaxHeadingLevel) : 0;
    builder.Add(block.kind, block.text, block.line, static_cast<uint8_t>(level),
                block.table_header);
  }
  return std::move(builder.out());
}

}  // namespace policykb
