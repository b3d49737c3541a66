// GrpcPassageSource: passages from a retriever on the same machine.
//
// Speaks plain text and therefore to loopback addresses only. The connection is made on the first
// search and again whenever it was lost; a search never waits for a retriever that is away. Any
// thread.

#ifndef POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_
#define POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "generator/passage_source.h"
#include "policykb/v1/retriever_service.grpc.pb.h"

namespace policykb {

class GrpcPassageSource : public PassageSource {
 public:
  // `address` is host:port of a loopback address; nothing is connected yet.
  // Errors: InvalidArgument (no host:port), FailedPrecondition (not loopback).
  static absl::StatusOr<std::unique_ptr<GrpcPassageSource>> Create(std::string_view address);

  // Errors: as PassageSource; the message begins with "retriever at ADDRESS" unless the request is
  // at fault.
  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            absl::Time deadline) override;
  void StartSearch(const v1::SearchRequest& request, absl::Time deadline,
                   const FoundSink& done) override;

 private:
  struct Call;

  explicit GrpcPassageSource(std::string address);
  // What was found, or the error with this retriever's address.
  absl::StatusOr<v1::SearchResponse> Found(const grpc::Status& status,
                                           v1::SearchResponse response) const;

  std::string address_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GRPC_PASSAGE_SOURCE_H_
