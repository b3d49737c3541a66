// XmlReader: the elements and text of an XML part of an office file, one after the other.
//
// For OOXML, which is XML without document type declarations: one is refused where it begins, so
// there are no entities but the five of XML. Nothing is fetched, nothing is kept of what was read.
// Linear; nesting is limited. Not for HTML. A wall around libxml2. One thread at a time.

#ifndef POLICYKB_INDEXER_READERS_XML_READER_H_
#define POLICYKB_INDEXER_READERS_XML_READER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

// Elements inside each other.
inline constexpr size_t kMaxXmlDepth = 250;

struct XmlEvent {
  enum class Kind { kStart, kEnd, kText, kFinished };
  Kind kind = Kind::kFinished;
  // Of an element, with the prefix customary for its namespace, whatever the file uses: "w:p" for
  // WordprocessingML, "x:row" for SpreadsheetML, "mc:" for markup compatibility, "m:" for formulas;
  // without a prefix for all others.
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;  // names without prefix
  std::string text;  // of kText; long text may come in several events

  // Value of the attribute, empty without it.
  std::string_view Attribute(std::string_view attribute) const;
  bool HasAttribute(std::string_view attribute) const;
  bool Starts(std::string_view element) const { return kind == Kind::kStart && name == element; }
  bool Ends(std::string_view element) const { return kind == Kind::kEnd && name == element; }
};

class XmlReader {
 public:
  // `bytes` must outlive the reader; `part` names them in errors.
  XmlReader(std::string_view bytes, std::string part);
  XmlReader(const XmlReader&) = delete;
  XmlReader& operator=(const XmlReader&) = delete;
  ~XmlReader();

  // The next event; kFinished behind the last one, for ever. Valid until the next call.
  // Errors: InvalidArgument (not well-formed, a document type declaration, too deep: with the
  // line).
  absl::StatusOr<const XmlEvent*> Next();

  // REQUIRES: the last event was a kStart. Goes on behind its kEnd.
  absl::Status Skip();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_XML_READER_H_
