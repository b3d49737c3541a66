// DiffSnapshots: what changed between two snapshots of a knowledge base, as the data team thinks of
// it: documents, their metadata, articles.
//
// Reads records only; cost grows with the number of documents and with the text of those that
// changed. Not for printing (diff_report.h). One call at a time.

#ifndef POLICYKB_TOOLS_SNAPSHOT_DIFF_H_
#define POLICYKB_TOOLS_SNAPSHOT_DIFF_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

// A metadata field under its name in front matter.
struct FieldChange {
  std::string field;
  std::string older;  // empty: not there
  std::string newer;
};

// A provision that is there in one of the two only, or differs. Its pieces count as one text.
struct ArticleChange {
  std::string name;                 // documents/{document}/provisions/{address}
  std::string label;                // for people
  std::string older;                // text; empty: added
  std::string newer;                // text; empty: withdrawn
  std::vector<FieldChange> fields;  // its own validity and labels
};

struct DocumentChange {
  std::string id;
  std::string title;
  std::vector<FieldChange> fields;
  std::vector<ArticleChange> articles;  // in the order of the newer text, withdrawn ones last
};

struct DocumentLine {
  std::string id;
  std::string title;
};

struct SnapshotDiff {
  std::string from;
  std::string to;
  // Each in ascending order of ids.
  std::vector<DocumentLine> added;
  std::vector<DocumentLine> withdrawn;
  std::vector<DocumentChange> changed;
};

// Errors: NotFound (no such snapshot), FailedPrecondition (format version), DataLoss.
absl::StatusOr<SnapshotDiff> DiffSnapshots(const std::string& kb, const std::string& from,
                                           const std::string& to);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_SNAPSHOT_DIFF_H_
