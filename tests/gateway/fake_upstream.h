// FakeUpstream: a retriever and a generator that answer what a test says, and a gateway in front of
// them.
//
// Real connections on loopback, no snapshot and no model. One thread sets it up; what it has seen
// may be asked from any.

#ifndef POLICYKB_TESTS_GATEWAY_FAKE_UPSTREAM_H_
#define POLICYKB_TESTS_GATEWAY_FAKE_UPSTREAM_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/rpc/access.h"
#include "core/rpc/server.h"
#include "generator/gateway/gateway.h"
#include "generator/gateway/http_server.h"
#include "generator/gateway/sessions.h"
#include "generator/gateway/upstream.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "policykb/v1/retriever_service.grpc.pb.h"

namespace policykb {

// What a server was asked: by whom, and in which trace.
struct SeenCall {
  std::string method;
  std::string request;  // short debug string
  std::string caller = {};
  std::string labels = {};  // parted by commas
  std::string trace_parent = {};
};

class Seen {
 public:
  void Add(std::string method, const google::protobuf::Message& request,
           const grpc::CallbackServerContext& context) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<SeenCall> All() const ABSL_LOCKS_EXCLUDED(mutex_);
  SeenCall Last() const { return All().back(); }
  // A stream was cancelled.
  void AddCancelled() ABSL_LOCKS_EXCLUDED(mutex_);
  // False when fewer have been after ten seconds.
  bool AwaitCancelled(int count) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  mutable absl::Mutex mutex_;
  std::vector<SeenCall> calls_ ABSL_GUARDED_BY(mutex_);
  int cancelled_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Finds one passage for every query but "nothing", has one document, "law", with article 1. A
// query "busy" is overloaded, "away" unavailable, "slow" waits until it is cancelled.
class FakeRetriever final : public v1::RetrieverService::CallbackService {
 public:
  explicit FakeRetriever(Seen* seen) : seen_(seen) {}

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override;
  grpc::ServerUnaryReactor* GetDocument(grpc::CallbackServerContext* context,
                                        const v1::GetDocumentRequest* request,
                                        v1::GetDocumentResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetPassages(grpc::CallbackServerContext* context,
                                             const v1::BatchGetPassagesRequest* request,
                                             v1::BatchGetPassagesResponse* response) override;
  grpc::ServerUnaryReactor* ListDocuments(grpc::CallbackServerContext* context,
                                          const v1::ListDocumentsRequest* request,
                                          v1::ListDocumentsResponse* response) override;
  grpc::ServerUnaryReactor* GetSnapshot(grpc::CallbackServerContext* context,
                                        const v1::GetSnapshotRequest* request,
                                        v1::GetSnapshotResponse* response) override;

 private:
  Seen* seen_;
};

// Answers every question with two cited sentences; "slow" with one, and then waits until it is
// cancelled; "refused" claims nothing; "broken" fails after a sentence; "away" at once; "long" with
// two thousand sentences of 10 KiB.
class FakeGenerator final : public v1::GeneratorService::CallbackService {
 public:
  explicit FakeGenerator(Seen* seen) : seen_(seen) {}

  grpc::ServerUnaryReactor* GenerateAnswer(grpc::CallbackServerContext* context,
                                           const v1::GenerateAnswerRequest* request,
                                           v1::GenerateAnswerResponse* response) override;
  grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* StreamGenerateAnswer(
      grpc::CallbackServerContext* context,
      const v1::StreamGenerateAnswerRequest* request) override;
  grpc::ServerUnaryReactor* SubmitFeedback(grpc::CallbackServerContext* context,
                                           const v1::SubmitFeedbackRequest* request,
                                           v1::SubmitFeedbackResponse* response) override;

 private:
  Seen* seen_;
};

struct FakeUpstreamOptions {
  std::string access_toml = {};  // empty: everybody may call
  HttpLimits limits = {};
  ServerTls tls = {};
  GatewayOptions gateway = {};
};

class FakeUpstream {
 public:
  explicit FakeUpstream(FakeUpstreamOptions options = {});
  ~FakeUpstream();

  // Of the gateway.
  const std::string& address() const { return server_->address(); }
  HttpServer& server() { return *server_; }
  Seen& seen() { return seen_; }
  Access& access() { return *access_; }
  // Writes another access file and has it read.
  void ChangeAccess(const std::string& access_toml);
  void StopRetriever() { retriever_server_->Shutdown(); }

 private:
  Seen seen_;
  std::string folder_;
  FakeRetriever retriever_{&seen_};
  FakeGenerator generator_{&seen_};
  std::unique_ptr<RpcServer> retriever_server_;
  std::unique_ptr<RpcServer> generator_server_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<Sessions> sessions_;
  std::unique_ptr<Upstream> upstream_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_GATEWAY_FAKE_UPSTREAM_H_
