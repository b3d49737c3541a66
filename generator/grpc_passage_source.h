// GrpcPassageSource: passages from a retriever, or from several in turn.
//
// The connection is made on the first search and again whenever it was lost; a search never waits
// for a retriever that is away. Any thread.

#ifndef POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_
#define POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "core/rpc/channel.h"
#include "generator/passage_source.h"
#include "policykb/v1/retriever_service.grpc.pb.h"

namespace policykb {

class GrpcPassageSource : public PassageSource {
 public:
  // Nothing is connected yet; its own limit of a response's size counts. Errors: as
  // RpcChannel::Open, the message begins with "retriever: ".
  static absl::StatusOr<std::unique_ptr<GrpcPassageSource>> Create(ChannelOptions options);

  // Errors: as PassageSource; the message begins with "retriever at ADDRESS" unless the request is
  // at fault.
  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const SearchCall& call) override;
  void StartSearch(const v1::SearchRequest& request, const SearchCall& call,
                   const FoundSink& done) override;

 private:
  struct Call;

  explicit GrpcPassageSource(RpcChannel channel);
  void Prepare(const SearchCall& call, grpc::ClientContext& context) const;
  // What was found, or the error with this retriever's address.
  absl::StatusOr<v1::SearchResponse> Found(const grpc::Status& status,
                                           v1::SearchResponse response) const;

  RpcChannel channel_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_
