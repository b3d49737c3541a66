// RetrieverAccess: the retriever's calls, over gRPC or in process on a knowledge base folder.
//
// For the commands of policykb, which need not care which it is. Not for servers. One thread at a
// time for the gRPC one; the in-process one is const, any thread.

#ifndef POLICYKB_TOOLS_RETRIEVER_ACCESS_H_
#define POLICYKB_TOOLS_RETRIEVER_ACCESS_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/channel.h"
#include "generator/passage_source.h"
#include "policykb/v1/retriever_service.pb.h"
#include "retriever/local_searcher.h"
#include "retriever/searcher.h"

namespace policykb {

// The two calls of RetrieverService that Search alone does not cover, beside Search itself from
// PassageSource.
class RetrieverAccess : public PassageSource {
 public:
  virtual absl::StatusOr<v1::GetDocumentResponse> GetDocument(
      const v1::GetDocumentRequest& request) = 0;
  virtual absl::StatusOr<v1::BatchGetPassagesResponse> BatchGetPassages(
      const v1::BatchGetPassagesRequest& request) = 0;
  virtual absl::StatusOr<v1::GetSnapshotResponse> GetSnapshot() = 0;
};

// The snapshot of that id, published or not; the live one when `id` is empty. Errors:
// InvalidArgument (no name of a snapshot), as Snapshot::Open.
absl::StatusOr<std::shared_ptr<const Snapshot>> OpenSnapshot(const std::string& kb,
                                                             const std::string& id);
// A searcher over it. Errors: as OpenSnapshot.
absl::StatusOr<std::shared_ptr<const LocalSearcher>> OpenSearcher(const std::string& kb,
                                                                  const std::string& id = "",
                                                                  SearcherOptions options = {});

// Calls in process; the caller holds `labels`, today is taken in the default zone.
std::unique_ptr<RetrieverAccess> MakeLocalAccess(std::shared_ptr<const Searcher> searcher,
                                                 const CallerLabels& labels);

// The access to search through for a caller with these labels; valid as long as the function.
using AccessByLabels = std::function<RetrieverAccess&(const CallerLabels& labels)>;

// Makes an in-process access for each set of labels it is asked for. One thread at a time.
AccessByLabels MakeAccessByLabels(std::shared_ptr<const Searcher> searcher);

// Calls a server, each time with a deadline of ten seconds. Errors: as RpcChannel::Open.
absl::StatusOr<std::unique_ptr<RetrieverAccess>> MakeRemoteAccess(const ChannelOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_RETRIEVER_ACCESS_H_
