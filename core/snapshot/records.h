// Document, Provision and Passage: what the indexer makes of a file and what the record store
// keeps.
//
// Plain values; encoding to bytes is in record_codec.h. Not the wire types (proto/policykb/v1). Any
// thread.

#ifndef POLICYKB_CORE_SNAPSHOT_RECORDS_H_
#define POLICYKB_CORE_SNAPSHOT_RECORDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/civil_date.h"
#include "core/base/span.h"

namespace policykb {

// Numbers are stored; they equal policykb.v1.Provision.Level.
enum class ProvisionLevel : uint32_t {
  kPart = 1,       // bian
  kChapter = 2,    // zhang
  kSection = 3,    // jie
  kArticle = 4,    // tiao
  kParagraph = 5,  // kuan
  kItem = 6,       // xiang
  kSubitem = 7,    // mu
  kTopic = 8,      // headed section of a guide, a notice or a question-and-answer text
  kPreamble = 9,   // text before the first heading or article
};

// A node of a document's structure.
struct Provision {
  std::string address;  // unique in the document: art2, art2.para1, ch3, s2.1, preamble
  ProvisionLevel level = ProvisionLevel::kTopic;
  std::string
      label;  // as it stands in the text, e.g. the article number; empty for paragraphs without one
  std::string heading;  // words of the heading without the label
  int32_t parent = -1;  // index in Document::provisions, -1 at the top
  Span span;            // with everything below it, in Document::text
  friend bool operator==(const Provision&, const Provision&) = default;
};

// One policy text in one revision.
struct Document {
  std::string id;  // stable; no '/', no white space
  std::string title;
  std::string kind;  // law, regulation, rule, normative, guide, qa
  std::string document_number;
  std::string issuer;
  std::string region;
  std::string language;  // BCP 47
  std::optional<CivilDate> promulgated_on;
  Validity validity;                           // stated_validity, ended by successors
  Validity stated_validity;                    // by the document's own metadata and text
  std::vector<std::string> supersedes;         // document ids: stated ones and earlier revisions
  std::vector<std::string> stated_supersedes;  // document ids, by the document's own metadata
  std::string supersedes_place;                // where that stands: "line 3" of its file
  std::vector<std::string> superseded_by;      // document ids; filled by the pipeline
  std::vector<std::string> visibility = {"public"};
  // Number of its first article: 0 without articles, above 1 in a file that holds a part of a code.
  uint32_t first_article = 0;
  std::string source_uri;
  std::string source_path;            // relative to the corpus root
  std::string text;                   // canonical UTF-8; every span refers to it
  std::vector<Provision> provisions;  // in order of the text, parents before children
  // Field name (as in front matter) -> sidecar, front_matter, row, collection, path or text. Behind
  // them what other documents say: valid_to or supersedes -> "successor <id>" or "revision <id>"; a
  // later entry of a field overrules.
  std::vector<std::pair<std::string, std::string>> origins;
  friend bool operator==(const Document&, const Document&) = default;
};

// The unit of indexing, retrieval and citation.
struct Passage {
  std::string name;  // documents/{id}/provisions/{address}[~N]
  std::string document_id;
  std::string address;          // of the provision, without ~N
  std::string label;            // for people: title in book marks + provision
  std::string provision_label;  // the article number or heading as it stands; empty for a preamble
  std::vector<std::string> heading_path;  // outermost first, without the title
  Span span;                              // in Document::text, never empty
  std::string text;                       // the bytes of span
  std::string title;                      // of the document
  // Of the provision, where metadata or text give it one of its own; both bounds count together
  // with the document's.
  std::optional<Validity> validity;
  // Labels of the provision; empty: the document's. A caller must hold one of them and one of the
  // document's.
  std::vector<std::string> visibility;
  friend bool operator==(const Passage&, const Passage&) = default;
};

// A file of the corpus as it was when it was last read.
struct FileRecord {
  std::string path;                    // relative to the corpus root
  std::string digest;                  // of its bytes and of all that says what it is
  std::vector<std::string> documents;  // ids
  friend bool operator==(const FileRecord&, const FileRecord&) = default;
};

// "documents/" + id.
std::string DocumentName(const std::string& id);

// Short sections of a guide share a passage, whose address joins theirs.
inline constexpr char kAddressJoin = '+';
// True when `address` of a passage is `wanted` or one of several that it joins: "s4+s5" stands for
// s4 and for s5.
bool StandsFor(std::string_view address, std::string_view wanted);

// Label used where a text names none.
inline constexpr const char* kPublicLabel = "public";

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RECORDS_H_
