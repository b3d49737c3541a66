// DocxNumbering: the automatic numbers of a Word file's lists, as text.
//
// Laws typed in Word have their article numbers this way. Counts as paragraphs come, so they must
// come in the document's order. For docx.cc only; one thread.

#ifndef POLICYKB_INDEXER_READERS_DOCX_NUMBERING_H_
#define POLICYKB_INDEXER_READERS_DOCX_NUMBERING_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/readers/docx_styles.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {

struct DocxLabel {
  std::string text;     // with the space behind it where there is one; empty for none
  bool bullet = false;  // then `text` is empty
};

class DocxNumbering {
 public:
  // An empty `xml` has no lists. Errors: of XmlReader, ResourceExhausted (too many lists).
  static absl::StatusOr<DocxNumbering> Parse(std::string_view xml);

  // The label of the next paragraph at that place. `style` is the paragraph's, which names the
  // level where the place does not. An unknown list has no labels.
  DocxLabel Next(const DocxListPlace& place, const std::string& style);

 private:
  static constexpr int kLevels = 9;
  struct Level {
    std::string format = "decimal";
    std::string text;
    std::string suffix = "tab";
    std::string style;
    int64_t start = 1;
    std::optional<int> restart_after;  // w:lvlRestart; 0 is never
    bool arabic = false;               // w:isLgl: all numbers in it in Arabic digits
  };
  using Levels = std::array<Level, kLevels>;
  struct Abstract {
    Levels levels;
    std::string style_link;  // the list style that this one is a use of
    std::string own_style;   // the list style that this one defines
  };
  struct List {
    std::string abstract;
    std::map<int, int64_t> start_overrides;
    std::map<int, Level> level_overrides;
  };

  absl::Status ReadLevel(XmlReader& reader, Level& level);
  absl::Status ReadAbstract(XmlReader& reader, const std::string& id);
  absl::Status ReadList(XmlReader& reader, const std::string& id);
  void FollowStyleLinks();
  const Level& LevelOf(const List& list, const Abstract& abstract, int level) const;

  std::map<std::string, Abstract> abstracts_;
  std::map<std::string, List> lists_;
  // By abstract list, which its uses share: the number last given at each level.
  std::map<std::string, std::array<std::optional<int64_t>, kLevels>> counters_;
  std::set<std::pair<std::string, int>> begun_;  // list and level whose override was applied
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_DOCX_NUMBERING_H_
