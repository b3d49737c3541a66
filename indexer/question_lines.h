// Question lines: questions.jsonl -> known questions with their lines. The indexer's wall around
// nlohmann-json.
//
//   {"question": "...", "passages": ["documents/ID/provisions/art2"], "id": "optional"}
//
// A line that is wrong is left out and named; the others are read. Not for whether a passage is
// there (editorial_files.h). Pure function, any thread.

#ifndef POLICYKB_INDEXER_QUESTION_LINES_H_
#define POLICYKB_INDEXER_QUESTION_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/editorial.h"

namespace policykb {

struct QuestionLines {
  std::vector<KnownQuestion> questions;
  std::vector<uint32_t> lines;      // of each question, from 1
  std::vector<std::string> faults;  // "line 3: ..."
};

QuestionLines ReadQuestionLines(std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_QUESTION_LINES_H_
