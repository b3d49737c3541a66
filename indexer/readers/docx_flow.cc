#include "indexer/readers/docx_flow.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

// A paragraph in a heading style that is longer, or a sentence, is text that only looks like one.
constexpr size_t kMaxHeadingBytes = 300;

// Lines without blanks at their ends, none of them empty.
std::string TidyLines(std::string_view text) {
  const absl::StatusOr<std::string> clean = CleanText(text);
  if (!clean.ok()) return "";
  std::string out;
  for (const std::string_view line : Split(*clean, '\n')) {
    const std::string_view words = StripBlanks(line);
    if (words.empty()) continue;
    if (!out.empty()) out += '\n';
    out += words;
  }
  return out;
}

bool IsSentence(std::string_view text) {
  for (const std::string_view end : {"。", "；", "：", ";"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

// "1." and "12)": what Markdown has as a list, too. Other labels begin paragraphs of a law.
bool IsArabicListLabel(std::string_view label) {
  label = StripAsciiSpace(label);
  if (label.size() < 2 || (label.back() != '.' && label.back() != ')')) return false;
  return label.find_first_not_of("0123456789") == label.size() - 1;
}

// Words that a symbol font draws as a box to tick; other private characters have no text.
std::string_view SymbolText(std::string_view code) {
  for (const std::string_view ticked : {"F052", "F053", "F0FE", "F0FD"}) {
    if (code == ticked) return "☑";
  }
  for (const std::string_view empty : {"F0A8", "F06F", "F0A3"}) {
    if (code == empty) return "□";
  }
  return "";
}

bool IsPageField(std::string_view instruction) {
  instruction = StripAsciiSpace(instruction);
  const std::string_view name = instruction.substr(0, instruction.find(' '));
  return name == "PAGE" || name == "NUMPAGES" || name == "SECTIONPAGES" || name == "PAGEREF";
}

bool IsOfTable(std::string_view name) {
  return name == "w:tbl" || name == "w:tr" || name == "w:tc" || name == "w:trPr" ||
         name == "w:tcPr";
}

}  // namespace

absl::StatusOr<std::vector<DocxBlock>> DocxFlow::Read(std::string_view xml, std::string part) {
  flows_.assign(1, Flow());
  XmlReader reader(xml, std::move(part));
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) break;
    if (event->kind == XmlEvent::Kind::kStart) {
      RETURN_IF_ERROR(OnStart(reader, *event));
    } else if (event->kind == XmlEvent::Kind::kEnd) {
      RETURN_IF_ERROR(OnEnd(*event));
    } else if (in_text_) {
      AddText(event->text);
    } else if (in_instruction_ && !fields_.empty()) {
      fields_.back().instruction += event->text;
    }
  }
  return PopFlow();
}

absl::StatusOr<std::map<std::string, std::string>> DocxFlow::ReadNotes(std::string_view xml,
                                                                       std::string part,
                                                                       std::string_view element) {
  std::map<std::string, std::string> notes;
  if (xml.empty()) return notes;
  flows_.assign(1, Flow());
  XmlReader reader(xml, std::move(part));
  std::string id;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return notes;
    if (event->Starts(element)) {
      id = event->Attribute("id");
      flows_.emplace_back();
    } else if (event->Ends(element)) {
      notes.insert_or_assign(id, OnOneLine(PopFlow()));
    } else if (event->kind == XmlEvent::Kind::kStart) {
      RETURN_IF_ERROR(OnStart(reader, *event));
    } else if (event->kind == XmlEvent::Kind::kEnd) {
      RETURN_IF_ERROR(OnEnd(*event));
    } else if (in_text_) {
      AddText(event->text);
    }
  }
}

absl::Status DocxFlow::OnStart(XmlReader& reader, const XmlEvent& event) {
  const std::string& name = event.name;
  // What was before a tracked change, the second form of what an older program cannot draw, the
  // reading aid above characters.
  if (name == "w:del" || name == "w:moveFrom" || name == "mc:Fallback" || name == "w:rt" ||
      name == "w:sectPr" || name == "w:tblPrChange" || name == "w:tblGridChange") {
    return reader.Skip();
  }
  if (name == "w:sdtPr") placeholder_ = false;
  if (name == "w:showingPlcHdr") placeholder_ = IsOn(event);
  if (name == "w:sdtContent" && std::exchange(placeholder_, false)) return reader.Skip();
  if (name == "w:p") {
    Paragraph paragraph;
    paragraph.line = ++line_;
    paragraphs_.push_back(std::move(paragraph));
    return absl::OkStatus();
  }
  if (name == "w:txbxContent") {
    flows_.emplace_back();
    return absl::OkStatus();
  }
  if (IsOfTable(name)) return OnTableStart(reader, event);
  if (paragraphs_.empty()) return absl::OkStatus();
  return OnRunContent(reader, event);
}

absl::Status DocxFlow::OnRunContent(XmlReader& reader, const XmlEvent& event) {
  const std::string& name = event.name;
  Paragraph& paragraph = paragraphs_.back();
  if (name == "w:pPr") {
    ASSIGN_OR_RETURN(paragraph.properties, ReadParagraphProperties(reader));
  } else if (name == "w:r") {
    paragraph.hidden_run = false;
    paragraph.bold_run = false;
  } else if (name == "w:rPr") {
    return ReadRunProperties(reader);
  } else if (name == "w:t" || name == "m:t") {
    in_text_ = true;
  } else if (name == "w:tab") {
    AddText(" ");
  } else if (name == "w:cr" || (name == "w:br" && event.Attribute("type") != "page")) {
    AddText("\n");
  } else if (name == "w:noBreakHyphen") {
    AddText("-");
  } else if (name == "w:sym") {
    AddText(SymbolText(event.Attribute("char")));
  } else if (name == "w:fldChar") {
    OnFieldMark(event.Attribute("fldCharType"));
  } else if (name == "w:fldSimple") {
    if (IsPageField(event.Attribute("instr"))) return reader.Skip();
  } else if (name == "w:instrText") {
    in_instruction_ = true;
  } else if (name == "w:footnoteReference") {
    AddNote(notes_.footnotes, event);
  } else if (name == "w:endnoteReference") {
    AddNote(notes_.endnotes, event);
  }
  return absl::OkStatus();
}

absl::Status DocxFlow::OnTableStart(XmlReader& reader, const XmlEvent& event) {
  const std::string& name = event.name;
  if (name == "w:tbl") {
    tables_.emplace_back();
    return absl::OkStatus();
  }
  if (tables_.empty()) return absl::OkStatus();
  std::vector<DocxRow>& rows = tables_.back().rows;
  if (name == "w:tr") {
    DocxRow row;
    row.line = line_ + 1;
    rows.push_back(std::move(row));
  } else if (name == "w:tc") {
    flows_.emplace_back();
    if (!rows.empty()) rows.back().cells.emplace_back();
  } else if ((name == "w:trPr" || name == "w:tcPr") && !rows.empty()) {
    const std::string whole = name;
    while (true) {
      ASSIGN_OR_RETURN(const XmlEvent* property, reader.Next());
      if (property->Ends(whole) || property->kind == XmlEvent::Kind::kFinished) break;
      const std::string_view value = property->Attribute("val");
      if (property->Starts("w:trPrChange") || property->Starts("w:tcPrChange")) {
        RETURN_IF_ERROR(reader.Skip());
      } else if (property->Starts("w:tblHeader")) {
        rows.back().header = IsOn(*property);
      } else if (property->Starts("w:gridBefore")) {
        rows.back().columns_before = SmallNumber(value, kMaxDocxColumns).value_or(0);
      } else if (property->Starts("w:gridSpan") && !rows.back().cells.empty()) {
        rows.back().cells.back().columns =
            std::max(1, SmallNumber(value, kMaxDocxColumns).value_or(1));
      } else if (property->Starts("w:vMerge") && !rows.back().cells.empty()) {
        rows.back().cells.back().continued = value != "restart";
      }
    }
  }
  return absl::OkStatus();
}

absl::Status DocxFlow::ReadRunProperties(XmlReader& reader) {
  Paragraph& paragraph = paragraphs_.back();
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:rPr") || event->kind == XmlEvent::Kind::kFinished) break;
    if (event->Starts("w:rPrChange")) {
      RETURN_IF_ERROR(reader.Skip());
    } else if (event->Starts("w:vanish")) {
      paragraph.hidden_run = IsOn(*event);
    } else if (event->Starts("w:b")) {
      paragraph.bold_run = IsOn(*event);
    }
  }
  return absl::OkStatus();
}

absl::Status DocxFlow::OnEnd(const XmlEvent& event) {
  const std::string& name = event.name;
  if (name == "w:p") {
    if (!paragraphs_.empty()) EndParagraph();
  } else if (name == "w:t" || name == "m:t") {
    in_text_ = false;
  } else if (name == "w:instrText") {
    in_instruction_ = false;
  } else if (name == "w:txbxContent") {
    std::vector<DocxBlock> blocks = PopFlow();
    std::vector<DocxBlock>& to =
        paragraphs_.empty() ? flows_.back().blocks : paragraphs_.back().boxes;
    std::move(blocks.begin(), blocks.end(), std::back_inserter(to));
  } else if (name == "w:tc" && !tables_.empty()) {
    std::vector<DocxBlock> blocks = PopFlow();
    std::vector<DocxRow>& rows = tables_.back().rows;
    if (!rows.empty() && !rows.back().cells.empty()) {
      rows.back().cells.back().blocks = std::move(blocks);
    }
  } else if (name == "w:tbl" && !tables_.empty()) {
    DocxTable table = std::move(tables_.back());
    tables_.pop_back();
    ASSIGN_OR_RETURN(std::vector<DocxBlock> blocks, TableBlocks(std::move(table)));
    std::move(blocks.begin(), blocks.end(), std::back_inserter(flows_.back().blocks));
  }
  return absl::OkStatus();
}

void DocxFlow::OnFieldMark(std::string_view type) {
  if (type == "begin") {
    fields_.emplace_back();
  } else if (type == "separate" && !fields_.empty()) {
    fields_.back().in_result = true;
    fields_.back().hidden = IsPageField(fields_.back().instruction);
  } else if (type == "end" && !fields_.empty()) {
    fields_.pop_back();
  }
}

void DocxFlow::AddText(std::string_view text) {
  if (paragraphs_.empty() || text.empty()) return;
  Paragraph& paragraph = paragraphs_.back();
  if (paragraph.hidden_run) return;
  // Only the innermost field counts: one inside a page number does not occur.
  if (!fields_.empty() && (!fields_.back().in_result || fields_.back().hidden)) return;
  paragraph.text += text;
  if (!StripBlanks(text).empty()) paragraph.all_bold = paragraph.all_bold && paragraph.bold_run;
}

void DocxFlow::AddNote(const std::map<std::string, std::string>& notes, const XmlEvent& event) {
  const auto note = notes.find(std::string(event.Attribute("id")));
  if (note == notes.end() || note->second.empty()) return;
  paragraphs_.back().notes.push_back(Cat("注", ++note_count_, "：", note->second));
}

void DocxFlow::EndParagraph() {
  Paragraph paragraph = std::move(paragraphs_.back());
  paragraphs_.pop_back();
  // A field whose other end was deleted must not hide the rest of the text.
  while (!fields_.empty() && (!fields_.back().in_result || fields_.back().hidden)) {
    fields_.pop_back();
  }
  Flow& flow = flows_.back();
  if (paragraph.properties.mark_deleted) {
    flow.carried += paragraph.text;
    return;
  }
  const DocxParagraphProperties& properties = paragraph.properties;
  const DocxParagraphStyle style = styles_.Resolve(properties.style);
  DocxListPlace place = properties.list;
  if (place.list.empty()) place.list = style.list.list;
  if (!place.level) place.level = style.list.level;
  const DocxLabel label = numbering_.Next(place, properties.style);

  DocxBlock block;
  block.line = paragraph.line;
  block.bold = (paragraph.all_bold || style.bold) && !paragraph.text.empty();
  block.text = TidyLines(std::exchange(flow.carried, "") + paragraph.text);
  if (!block.text.empty() && !style.contents) {
    int level = style.heading_level;
    if (properties.outline_level) {
      level = *properties.outline_level < 9 ? *properties.outline_level + 1 : 0;
    }
    const bool heading = (level > 0 || style.title) && block.text.size() <= kMaxHeadingBytes &&
                         !IsSentence(block.text);
    if (heading) {
      block.kind = BlockKind::kHeading;
      // Word's own title is above heading 1.
      block.level = style.title ? 0 : static_cast<uint8_t>(level);
      block.text = Cat(label.text, ReplaceAll(block.text, "\n", " "));
    } else if (label.bullet) {
      block.kind = BlockKind::kListEntry;
      block.text.insert(0, "- ");
    } else {
      if (IsArabicListLabel(label.text)) block.kind = BlockKind::kListEntry;
      block.text.insert(0, label.text);
    }
    flow.blocks.push_back(std::move(block));
  }
  std::move(paragraph.boxes.begin(), paragraph.boxes.end(), std::back_inserter(flow.blocks));
  // Notes in a cell stay behind the table, where they cut no row.
  std::vector<DocxBlock>& notes = tables_.empty() ? flow.blocks : tables_.back().notes;
  for (std::string& note : paragraph.notes) {
    DocxBlock out;
    out.line = paragraph.line;
    out.text = std::move(note);
    notes.push_back(std::move(out));
  }
}

std::vector<DocxBlock> DocxFlow::PopFlow() {
  std::vector<DocxBlock> blocks = std::move(flows_.back().blocks);
  flows_.pop_back();
  return blocks;
}

}  // namespace policykb
