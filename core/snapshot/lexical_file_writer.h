// LexicalFileWriter: the bytes of a lexical index from its terms and their coded postings.
//
// What LexicalIndexWriter (from text) and MergeLexicalIndexes (from other indexes) end in. Knows
// nothing of fields or scores. One thread. Format: FORMAT.md "Lexical index".

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_FILE_WRITER_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_FILE_WRITER_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/lexical_list.h"

namespace policykb {

class LexicalFileWriter {
 public:
  // impact = impact_scale * code.
  explicit LexicalFileWriter(float impact_scale) : impact_scale_(impact_scale) {}

  // Adds the next term; one without postings is left out. REQUIRES: terms in ascending byte order,
  // ordinals ascending, codes above 0. Errors: ResourceExhausted (more than fits one file).
  absl::Status Add(std::string_view term, std::span<const CodedPosting> postings);
  // Writes and syncs. `entries`: one more than the largest ordinal that may occur. Errors: as
  // WriteNewFile.
  absl::Status Finish(const std::string& path, uint32_t entries);

 private:
  float impact_scale_;
  std::string text_;
  std::string lists_;
  std::vector<uint32_t> text_offsets_ = {0};
  std::vector<uint32_t> list_offsets_ = {0};
  uint64_t postings_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_FILE_WRITER_H_
