// DocxFlow: the paragraphs and tables of a part of a Word file -> blocks.
//
// Kept is what a reader of the printed page sees: tracked insertions yes, deletions and hidden text
// no, field results yes (page numbers no), text boxes once, list numbers as text, footnotes behind
// their paragraph. Iterative, linear. For docx.cc only; one thread.

#ifndef POLICYKB_INDEXER_READERS_DOCX_FLOW_H_
#define POLICYKB_INDEXER_READERS_DOCX_FLOW_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/readers/docx_numbering.h"
#include "indexer/readers/docx_styles.h"
#include "indexer/readers/docx_table.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {

// Texts of footnotes and endnotes by their ids.
struct DocxNotes {
  std::map<std::string, std::string> footnotes;
  std::map<std::string, std::string> endnotes;
};

class DocxFlow {
 public:
  // All three outlive the flow; `numbering` counts on.
  DocxFlow(const DocxStyles& styles, const DocxNotes& notes, DocxNumbering& numbering)
      : styles_(styles), notes_(notes), numbering_(numbering) {}

  // The blocks of a part (w:document). Errors: of XmlReader and TableBlocks.
  absl::StatusOr<std::vector<DocxBlock>> Read(std::string_view xml, std::string part);

  // Texts of the notes of a part, whose elements are called `element` (w:footnote, w:endnote).
  absl::StatusOr<std::map<std::string, std::string>> ReadNotes(std::string_view xml,
                                                               std::string part,
                                                               std::string_view element);

 private:
  // An open w:p. Text boxes in it hold paragraphs of their own.
  struct Paragraph {
    DocxParagraphProperties properties;
    std::string text;
    bool hidden_run = false;
    bool bold_run = false;
    bool all_bold = true;  // every run with words is
    uint32_t line = 0;
    std::vector<std::string> notes;
    std::vector<DocxBlock> boxes;
  };
  // An open body, cell, text box or note.
  struct Flow {
    std::vector<DocxBlock> blocks;
    std::string carried;  // text of a paragraph that goes on in the next one
  };
  struct Field {
    std::string instruction;
    bool in_result = false;
    bool hidden = false;  // a page number
  };

  absl::Status OnStart(XmlReader& reader, const XmlEvent& event);
  absl::Status OnEnd(const XmlEvent& event);
  absl::Status OnRunContent(XmlReader& reader, const XmlEvent& event);
  absl::Status OnTableStart(XmlReader& reader, const XmlEvent& event);
  absl::Status ReadRunProperties(XmlReader& reader);
  void OnFieldMark(std::string_view type);
  void AddText(std::string_view text);
  void AddNote(const std::map<std::string, std::string>& notes, const XmlEvent& event);
  void EndParagraph();
  std::vector<DocxBlock> PopFlow();

  const DocxStyles& styles_;
  const DocxNotes& notes_;
  DocxNumbering& numbering_;
  std::vector<Paragraph> paragraphs_;
  std::vector<Flow> flows_;
  std::vector<DocxTable> tables_;
  std::vector<Field> fields_;
  bool in_text_ = false;         // inside w:t
  bool in_instruction_ = false;  // inside w:instrText
  bool placeholder_ = false;     // the content control shows its prompt
  uint32_t line_ = 0;            // paragraphs so far
  int note_count_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_DOCX_FLOW_H_
