#include "tests/gateway/fake_upstream.h"

#include <gtest/gtest.h>

#include <utility>

#include "core/base/strings.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/trace_context.h"
#include "generator/gateway/message_json.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {

namespace {

constexpr int kLongSentences = 2000;
constexpr size_t kLongSentenceBytes = 10 << 10;

// Ends with the call's being cancelled.
class WaitingReactor : public grpc::ServerUnaryReactor {
 public:
  explicit WaitingReactor(Seen* seen) : seen_(seen) {}
  void OnCancel() override {
    seen_->AddCancelled();
    Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  Seen* seen_;
};

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context, const absl::Status& status) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

v1::Citation Article(int number) {
  v1::Citation citation;
  citation.set_number(number);
  citation.set_passage("documents/law/provisions/art1");
  citation.set_document("documents/law");
  citation.set_document_title("养犬管理条例");
  citation.set_label("《养犬管理条例》第一条");
  citation.set_address("art1");
  citation.set_quote("养犬须登记");
  return citation;
}

v1::StreamGenerateAnswerResponse SentenceEvent(const std::string& text) {
  v1::StreamGenerateAnswerResponse event;
  v1::AnswerSentence& sentence = *event.mutable_sentence()->mutable_sentence();
  sentence.set_text(text);
  sentence.add_citations(1);
  return event;
}

v1::GroundedAnswer Answer(const std::string& question) {
  v1::GroundedAnswer answer;
  answer.set_snapshot("s1");
  if (question == "refused") {
    answer.set_status(v1::ANSWER_STATUS_NO_SUPPORT);
    answer.set_refusal("没有找到依据。");
    return answer;
  }
  answer.set_status(v1::ANSWER_STATUS_ANSWERED);
  answer.set_mode(v1::ANSWER_MODE_MODEL);
  *answer.add_sentences() = SentenceEvent("养犬须登记。").sentence().sentence();
  *answer.add_sentences() = SentenceEvent("登记不收费<b>。").sentence().sentence();
  *answer.add_citations() = Article(1);
  answer.mutable_model_usage()->set_prompt_tokens(100);
  answer.mutable_model_usage()->set_completion_tokens(20);
  return answer;
}

class AnswerReactor : public grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse> {
 public:
  AnswerReactor(Seen* seen, const std::string& question) : seen_(seen) {
    waits_ = question == "slow";
    if (question == "broken") status_ = absl::DataLossError("a disk at 10.0.0.7 is broken");
    v1::StreamGenerateAnswerResponse found;
    found.mutable_search_done()->set_hits(1);
    events_.push_back(found);
    v1::GroundedAnswer answer = Answer(question);
    int sentences = 0;
    for (const v1::AnswerSentence& sentence : answer.sentences()) {
      v1::StreamGenerateAnswerResponse event;
      *event.mutable_sentence()->mutable_sentence() = sentence;
      if (sentences++ == 0) *event.mutable_sentence()->add_citations() = Article(1);
      events_.push_back(event);
      if (waits_ || !status_.ok()) break;
    }
    if (question == "long") {
      for (int i = 0; i < kLongSentences; ++i)
        events_.push_back(SentenceEvent(std::string(kLongSentenceBytes, 'a')));
    }
    if (!waits_ && status_.ok()) {
      v1::StreamGenerateAnswerResponse last;
      *last.mutable_final() = std::move(answer);
      last.set_answer_id("a1");
      events_.push_back(std::move(last));
    }
    Next();
  }
  void OnWriteDone(bool ok) override {
    if (ok) Next();
  }
  void OnCancel() override {
    seen_->AddCancelled();
    if (!finished_.exchange(true)) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }

 private:
  void Next() {
    if (next_ < events_.size()) return StartWrite(&events_[next_++]);
    if (!waits_ && !finished_.exchange(true)) Finish(ToGrpcStatus(status_));
  }

  Seen* seen_;
  bool waits_ = false;
  absl::Status status_;
  std::vector<v1::StreamGenerateAnswerResponse> events_;
  size_t next_ = 0;
  std::atomic<bool> finished_ = false;
};

class RefusingReactor : public grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse> {
 public:
  explicit RefusingReactor(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

void Seen::Add(std::string method, const google::protobuf::Message& request,
               const grpc::CallbackServerContext& context) {
  SeenCall call{.method = std::move(method), .request = request.ShortDebugString()};
  const absl::StatusOr<CallCredentials> credentials = CredentialsOf(context);
  if (credentials.ok() && credentials->forwarded) {
    call.caller = credentials->forwarded->name;
    call.labels = Join(credentials->forwarded->labels, ",");
  }
  const auto found = context.client_metadata().find(kTraceParent);
  if (found != context.client_metadata().end())
    call.trace_parent.assign(found->second.data(), found->second.size());
  absl::MutexLock lock(&mutex_);
  calls_.push_back(std::move(call));
}

std::vector<SeenCall> Seen::All() const {
  absl::MutexLock lock(&mutex_);
  return calls_;
}

void Seen::AddCancelled() {
  absl::MutexLock lock(&mutex_);
  ++cancelled_;
}

bool Seen::AwaitCancelled(int count) const {
  absl::MutexLock lock(&mutex_);
  const auto enough = [this, count]()
                          ABSL_NO_THREAD_SAFETY_ANALYSIS { return cancelled_ >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
}

grpc::ServerUnaryReactor* FakeRetriever::Search(grpc::CallbackServerContext* context,
                                                const v1::SearchRequest* request,
                                                v1::SearchResponse* response) {
  seen_->Add("Search", *request, *context);
  if (request->query() == "slow") return new WaitingReactor(seen_);
  if (request->query() == "busy")
    return Finish(context, OverloadedError("too many searches", "OVERLOADED", absl::Seconds(2)));
  if (request->query() == "away")
    return Finish(context, absl::UnavailableError("no snapshot is open at 10.0.0.7"));
  if (request->query().empty())
    return Finish(context, absl::InvalidArgumentError("query: is empty"));
  response->set_snapshot("s1");
  if (request->query() == "nothing") return Finish(context, absl::OkStatus());
  v1::Hit& hit = *response->add_hits();
  hit.set_rank(1);
  hit.set_score(1.5);
  hit.mutable_passage()->set_name("documents/law/provisions/art1");
  hit.mutable_passage()->set_document("documents/law");
  hit.mutable_passage()->set_document_title("养犬管理条例");
  hit.mutable_passage()->set_label("《养犬管理条例》第一条");
  hit.mutable_passage()->set_text("养犬须登记。");
  return Finish(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FakeRetriever::GetDocument(grpc::CallbackServerContext* context,
                                                     const v1::GetDocumentRequest* request,
                                                     v1::GetDocumentResponse* response) {
  seen_->Add("GetDocument", *request, *context);
  if (request->name() != "documents/law")
    return Finish(context, absl::NotFoundError(Cat(request->name(), " not found")));
  response->mutable_document()->set_name(request->name());
  response->mutable_document()->set_title("养犬管理条例");
  response->mutable_document()->set_text("第一条　养犬须登记。");
  return Finish(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FakeRetriever::BatchGetPassages(
    grpc::CallbackServerContext* context, const v1::BatchGetPassagesRequest* request,
    v1::BatchGetPassagesResponse* response) {
  seen_->Add("BatchGetPassages", *request, *context);
  for (const std::string& name : request->names()) {
    if (name != "documents/law/provisions/art1")
      return Finish(context, absl::NotFoundError(Cat(name, " not found")));
    response->add_passages()->set_name(name);
    response->mutable_passages(response->passages_size() - 1)->set_text("养犬须登记。");
  }
  return Finish(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FakeRetriever::ListDocuments(grpc::CallbackServerContext* context,
                                                       const v1::ListDocumentsRequest* request,
                                                       v1::ListDocumentsResponse* response) {
  seen_->Add("ListDocuments", *request, *context);
  if (request->page_token() == "bad")
    return Finish(context, absl::InvalidArgumentError("page_token: is none"));
  response->add_documents()->set_name("documents/law 法");
  response->mutable_documents(0)->set_title("养犬管理条例");
  if (request->page_token().empty()) response->set_next_page_token("p2");
  return Finish(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FakeRetriever::GetSnapshot(grpc::CallbackServerContext* context,
                                                     const v1::GetSnapshotRequest* request,
                                                     v1::GetSnapshotResponse* response) {
  seen_->Add("GetSnapshot", *request, *context);
  response->set_snapshot("s1");
  response->set_passages(int64_t{1} << 40);
  return Finish(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FakeGenerator::GenerateAnswer(grpc::CallbackServerContext* context,
                                                        const v1::GenerateAnswerRequest* request,
                                                        v1::GenerateAnswerResponse* response) {
  seen_->Add("GenerateAnswer", *request, *context);
  if (request->spec().question() == "slow") return new WaitingReactor(seen_);
  *response->mutable_answer() = Answer(request->spec().question());
  response->set_answer_id("a1");
  return Finish(context, absl::OkStatus());
}

grpc::ServerWriteReactor<v1::StreamGenerateAnswerResponse>* FakeGenerator::StreamGenerateAnswer(
    grpc::CallbackServerContext* context, const v1::StreamGenerateAnswerRequest* request) {
  seen_->Add("StreamGenerateAnswer", *request, *context);
  if (request->spec().question() == "away")
    return new RefusingReactor(absl::UnavailableError("retriever at 10.0.0.7: is away"));
  if (request->spec().question().empty())
    return new RefusingReactor(absl::InvalidArgumentError("question: is empty"));
  return new AnswerReactor(seen_, request->spec().question());
}

grpc::ServerUnaryReactor* FakeGenerator::SubmitFeedback(grpc::CallbackServerContext* context,
                                                        const v1::SubmitFeedbackRequest* request,
                                                        v1::SubmitFeedbackResponse*) {
  seen_->Add("SubmitFeedback", *request, *context);
  return Finish(context, absl::OkStatus());
}

FakeUpstream::FakeUpstream(FakeUpstreamOptions options)
    : folder_(testing::TempDir() + "policykb_gateway_XXXXXX") {
  EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
  const auto serve = [](grpc::Service* service) {
    grpc::Service* const services[] = {service};
    auto server = RpcServer::Start({}, services);
    EXPECT_TRUE(server.ok()) << server.status();
    return *std::move(server);
  };
  retriever_server_ = serve(&retriever_);
  generator_server_ = serve(&generator_);
  if (options.access_toml.empty()) {
    access_ = Access::ForEverybody({"public"});
  } else {
    WriteUnsynced(folder_ + "/access.toml", options.access_toml);
    auto access = Access::Open(folder_ + "/access.toml");
    EXPECT_TRUE(access.ok()) << access.status();
    access_ = *std::move(access);
  }
  sessions_ = std::make_unique<Sessions>(Sessions::WithRandomKey());
  auto upstream = Upstream::Open({.address = retriever_server_->address()},
                                 {.address = generator_server_->address()});
  EXPECT_TRUE(upstream.ok()) << upstream.status();
  upstream_ = *std::move(upstream);
  gateway_ = std::make_unique<Gateway>(access_.get(), sessions_.get(), upstream_.get(),
                                       std::move(options.gateway));
  auto server =
      HttpServer::Start({.tls = options.tls,
                         .tls_reread = absl::Milliseconds(20),
                         .limits = options.limits,
                         .drain_limit = absl::Seconds(1),
                         .refusal = RefusalResponse},
                        [gateway = gateway_.get()](const WebRequest& request,
                                                   std::shared_ptr<HttpExchange> exchange) {
                          gateway->Handle(request, std::move(exchange));
                        });
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

FakeUpstream::~FakeUpstream() {
  server_->Shutdown();
  generator_server_->Shutdown();
  retriever_server_->Shutdown();
}

void FakeUpstream::ChangeAccess(const std::string& access_toml) {
  WriteUnsynced(folder_ + "/access.toml", access_toml);
  const absl::StatusOr<bool> changed = access_->Refresh();
  EXPECT_TRUE(changed.ok() && *changed) << changed.status();
}

}  // namespace policykb
