#include "tools/retriever_access.h"

#include <grpcpp/client_context.h>

#include <chrono>
#include <map>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"

namespace policykb {

namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(10);

class LocalAccess : public RetrieverAccess {
 public:
  LocalAccess(RetrieverCalls calls, CallerLabels labels)
      : calls_(std::move(calls)), labels_(std::move(labels)) {}

  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const SearchCall& call) override {
    return calls_.Search(request, labels_, {.deadline = call.deadline});
  }
  absl::StatusOr<v1::GetDocumentResponse> GetDocument(
      const v1::GetDocumentRequest& request) override {
    return calls_.GetDocument(request, labels_);
  }
  absl::StatusOr<v1::BatchGetPassagesResponse> BatchGetPassages(
      const v1::BatchGetPassagesRequest& request) override {
    return calls_.BatchGetPassages(request, labels_);
  }
  absl::StatusOr<v1::GetSnapshotResponse> GetSnapshot() override {
    return calls_.GetSnapshot({}, labels_);
  }

 private:
  RetrieverCalls calls_;
  CallerLabels labels_;
};

class RemoteAccess : public RetrieverAccess {
 public:
  explicit RemoteAccess(RpcChannel channel)
      : channel_(std::move(channel)), stub_(v1::RetrieverService::NewStub(channel_.channel())) {}

  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const SearchCall& call) override {
    return Call<v1::SearchResponse>(
        call.deadline, [&](grpc::ClientContext& context, v1::SearchResponse& response) {
          return stub_->Search(&context, request, &response);
        });
  }
  absl::StatusOr<v1::GetDocumentResponse> GetDocument(
      const v1::GetDocumentRequest& request) override {
    return Call<v1::GetDocumentResponse>(
        Deadline(), [&](grpc::ClientContext& context, v1::GetDocumentResponse& response) {
          return stub_->GetDocument(&context, request, &response);
        });
  }
  absl::StatusOr<v1::BatchGetPassagesResponse> BatchGetPassages(
      const v1::BatchGetPassagesRequest& request) override {
    return Call<v1::BatchGetPassagesResponse>(
        Deadline(), [&](grpc::ClientContext& context, v1::BatchGetPassagesResponse& response) {
          return stub_->BatchGetPassages(&context, request, &response);
        });
  }
  absl::StatusOr<v1::GetSnapshotResponse> GetSnapshot() override {
    return Call<v1::GetSnapshotResponse>(
        Deadline(), [&](grpc::ClientContext& context, v1::GetSnapshotResponse& response) {
          return stub_->GetSnapshot(&context, {}, &response);
        });
  }

 private:
  static absl::Time Deadline() { return absl::Now() + kCallLimit; }

  template <typename Response, typename Invoke>
  absl::StatusOr<Response> Call(absl::Time deadline, const Invoke& invoke) {
    grpc::ClientContext context;
    channel_.Prepare(context);
    context.set_deadline(absl::ToChronoTime(deadline));
    Response response;
    const absl::Status status = FromGrpcStatus(invoke(context, response));
    if (absl::IsUnavailable(status))
      return Annotate(status, Cat("retriever at ", channel_.address()));
    RETURN_IF_ERROR(status);
    return response;
  }

  RpcChannel channel_;
  std::unique_ptr<v1::RetrieverService::Stub> stub_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> OpenSnapshot(const std::string& kb,
                                                             const std::string& id) {
  if (id.empty()) return Snapshot::OpenCurrent(kb);
  if (id.find('/') != std::string::npos || id.starts_with('.')) {
    return absl::InvalidArgumentError(
        Cat("snapshot \"", id, "\", expected a name below ", JoinPath(kb, kSnapshotsFolder)));
  }
  return Snapshot::Open(kb, id, "");
}

absl::StatusOr<std::shared_ptr<const LocalSearcher>> OpenSearcher(const std::string& kb,
                                                                  const std::string& id,
                                                                  SearcherOptions options) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot, OpenSnapshot(kb, id));
  return std::make_shared<const LocalSearcher>(std::move(snapshot), std::move(options));
}

std::unique_ptr<RetrieverAccess> MakeLocalAccess(std::shared_ptr<const Searcher> searcher,
                                                 const CallerLabels& labels) {
  // The default zone is always known.
  TodaySource today = *TodayIn(kDefaultZone);
  return std::make_unique<LocalAccess>(
      RetrieverCalls([searcher = std::move(searcher)] { return searcher; }, std::move(today)),
      labels);
}

AccessByLabels MakeAccessByLabels(std::shared_ptr<const Searcher> searcher) {
  using Known = std::map<CallerLabels, std::unique_ptr<RetrieverAccess>>;
  return [searcher = std::move(searcher),
          by_labels = std::make_shared<Known>()](const CallerLabels& labels) -> RetrieverAccess& {
    std::unique_ptr<RetrieverAccess>& known = (*by_labels)[labels];
    if (!known) known = MakeLocalAccess(searcher, labels);
    return *known;
  };
}

absl::StatusOr<std::unique_ptr<RetrieverAccess>> MakeRemoteAccess(const ChannelOptions& options) {
  ASSIGN_OR_RETURN(RpcChannel channel, RpcChannel::Open(options));
  return std::make_unique<RemoteAccess>(std::move(channel));
}

}  // namespace policykb
