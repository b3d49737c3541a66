// DocxStyles: what the paragraph styles of a Word file say about structure.
//
// For docx.cc only. Const after Parse.

#ifndef POLICYKB_INDEXER_READERS_DOCX_STYLES_H_
#define POLICYKB_INDEXER_READERS_DOCX_STYLES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {

// A list and a level in it, as paragraph properties name them.
struct DocxListPlace {
  std::string list;  // numId; "0" takes a paragraph out of the list of its style
  std::optional<int> level;
};

struct DocxParagraphStyle {
  bool title = false;
  bool contents = false;  // an entry of a table of contents
  bool bold = false;
  int heading_level = 0;  // 1 to 9; 0 is no heading
  DocxListPlace list;
};

// What w:pPr says, here and in a style.
struct DocxParagraphProperties {
  std::string style;
  std::optional<int> outline_level;  // from 0; 9 is body text
  DocxListPlace list;
  bool bold = false;          // of the paragraph mark in a paragraph, of the text in a style
  bool mark_deleted = false;  // the paragraph goes on in the next one
};

// Reads behind the start of w:pPr to behind its end.
absl::StatusOr<DocxParagraphProperties> ReadParagraphProperties(XmlReader& reader);

// True for w:b and its like unless w:val takes it back.
bool IsOn(const XmlEvent& toggle);

// Number in an attribute, within 0..limit; nullopt for anything else.
std::optional<int> SmallNumber(std::string_view text, int limit);

class DocxStyles {
 public:
  // An empty `xml` has no styles. Errors: of XmlReader.
  static absl::StatusOr<DocxStyles> Parse(std::string_view xml);

  // With what it has from the styles it is based on. An unknown style says nothing.
  DocxParagraphStyle Resolve(const std::string& id) const;

 private:
  struct Style {
    std::string name;
    std::string based_on;
    DocxParagraphProperties properties;
  };

  std::map<std::string, Style> styles_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_DOCX_STYLES_H_
