// The commands of policykb that read: search, show, inspect, eval. Each prints to standard
// output and returns what went wrong; main decides the exit code.
//
// One call at a time.

#ifndef POLICYKB_TOOLS_COMMANDS_H_
#define POLICYKB_TOOLS_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "policykb/v1/retriever_service.pb.h"
#include "retriever/searcher.h"
#include "retriever/synonyms.h"
#include "tools/evaluate.h"
#include "tools/retriever_access.h"

namespace policykb {

// Where a command searches: exactly one of the two is given.
struct Target {
  std::string kb;        // folder
  std::string snapshot;  // with kb only; empty: the live one
  std::string ranking;   // file of the ranking stage, with kb only; empty: the default
  EverydayWordUse everyday_words = EverydayWordUse::kUse;  // with kb only
  std::string retriever;                                   // as ChannelOptions::address
  ChannelOptions channel = {};                             // the rest of how servers are reached
  CallerLabels labels = {kPublicLabel};                    // with kb only
};

// Errors: InvalidArgument (none or both given, a snapshot or weights without kb), as OpenSearcher.
absl::StatusOr<std::unique_ptr<RetrieverAccess>> OpenTarget(const Target& target);

enum class OutputForm { kPeople, kJson };

absl::Status RunSearch(const Target& target, const v1::SearchRequest& request, OutputForm form);
// `what` is documents/{document}, documents/{document}/provisions/{address}, or words that name an
// article.
// kMetadata, of a document only: each field of its metadata with where the value came from.
enum class ShowPart { kAll, kMetadata };
absl::Status RunShow(const Target& target, const std::string& what, const std::string& as_of_date,
                     ShowPart part, OutputForm form);
enum class InspectDepth { kOpen, kVerify };
absl::Status RunInspect(const Target& target, InspectDepth depth, OutputForm form);
absl::Status RunEvaluate(const Target& target, const EvaluateOptions& options, OutputForm form);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_COMMANDS_H_
