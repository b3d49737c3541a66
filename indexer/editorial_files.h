// EditorialFiles: names.toml, synonyms.toml and questions.jsonl in the root of a corpus ->
// editorial words, and what is wrong with them, with file and line.
//
//   # names.toml: what people call a document -> its title or id
//   "yang quan tiao li" = "cang ning shi yang quan guan li tiao li"
//
//   # synonyms.toml
//   groups = [["quan pai", "zhi neng quan pai"]]    # mean the same
//   [one_way]
//   "gou zheng" = ["yang quan deng ji"]             # the first is also taken for the others
//
//   # questions.jsonl: question_lines.h
//
// An entry that is wrong is left out; a file that cannot be read says nothing, and what a snapshot
// held of it stays. Not for what the words do to a search. Functions, any thread.

#ifndef POLICYKB_INDEXER_EDITORIAL_FILES_H_
#define POLICYKB_INDEXER_EDITORIAL_FILES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/editorial.h"

namespace policykb {

inline constexpr std::string_view kNamesFile = "names.toml";
inline constexpr std::string_view kSynonymsFile = "synonyms.toml";
inline constexpr std::string_view kQuestionsFile = "questions.jsonl";

// True for the three, in the root of a corpus only.
bool IsEditorialFile(std::string_view relative_path);

// Bytes of the files; nullopt where a corpus has none of that name.
struct EditorialBytes {
  std::optional<std::string> names, synonyms, questions;
};

struct EditorialFiles {
  Editorial editorial;                   // without defined names
  std::vector<uint32_t> alias_lines;     // of editorial.aliases
  std::vector<uint32_t> question_lines;  // of editorial.questions
  // Files that are there but say nothing.
  bool names_unusable = false;
  bool synonyms_unusable = false;
  bool questions_unusable = false;
  std::vector<std::string> faults;  // "names.toml: line 3: ...": what was left out

  // The words of these files; of one that is unusable those of `before`.
  Editorial Over(const Editorial& before) const;
};

EditorialFiles ParseEditorial(const EditorialBytes& bytes);

// The files of a corpus. What cannot be read is named among the faults.
EditorialFiles ReadEditorialFiles(const std::string& corpus);

// What a corpus or snapshot holds that editorial words can point to.
struct EditorialTargets {
  std::function<bool(std::string_view id)> has_document;
  std::function<bool(const std::string& comparable)> has_title;
  std::function<bool(std::string_view name)> has_passage;
};

// One line for each name and question that points to what is not there, and for each name that is a
// document's title already.
std::vector<std::string> PointlessEntries(const EditorialFiles& files,
                                          const EditorialTargets& targets);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EDITORIAL_FILES_H_
