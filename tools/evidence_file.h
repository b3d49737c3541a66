// Evidence files: the signals behind answerability of every topic of a set, for calibrating
// refusal.
//
// `policykb eval --evidence` writes them, `policykb calibrate refusal` reads them. Pure functions,
// any thread.

#ifndef POLICYKB_TOOLS_EVIDENCE_FILE_H_
#define POLICYKB_TOOLS_EVIDENCE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "policykb/v1/retriever_service.pb.h"
#include "retriever/searcher.h"

namespace policykb {

struct TopicEvidence {
  std::string topic = {};
  std::optional<bool> answerable = {};  // absent: not said
  size_t rank = 0;                      // of the first relevant unit; 0 for none
  SearchEvidence evidence = {};
};

// A line with its end, and the line that stands first. `passages`: of the snapshot.
std::string EncodeEvidenceHeader();
std::string EncodeEvidenceLine(const std::string& topic, std::optional<bool> answerable,
                               size_t rank, uint64_t passages, const v1::Evidence& evidence);

// Errors: InvalidArgument naming the line (also when the file has other signals than this program),
// as ReadFile.
absl::StatusOr<std::vector<TopicEvidence>> ReadEvidenceFile(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_EVIDENCE_FILE_H_
