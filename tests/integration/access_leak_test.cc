// Two callers of different labels, real servers between them, and ten thousand random requests: not
// a byte of hidden text, by any call, whoever asked the same before.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/access.h"
#include "core/rpc/api_key.h"
#include "core/rpc/channel.h"
#include "core/rpc/server.h"
#include "core/rpc/status_conversion.h"
#include "generator/answer_service.h"
#include "generator/answerer.h"
#include "generator/grpc_passage_source.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "retriever/retriever_calls.h"
#include "retriever/retriever_service.h"
#include "tests/testing/sample_base.h"
#include "tests/testing/sanitizers.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kRequests = kSanitized ? 1'000 : 10'000;
constexpr int kDocumentsOfEach = 6;
// In every sentence, title, number and issuer of what has this label, and nowhere else.
constexpr std::string_view kInternalMark = "青蛙";
constexpr std::string_view kSecretMark = "犀牛";

constexpr std::array<std::string_view, 8> kMatters = {
    "养犬登记", "居民用水", "占道经营", "临时救助", "户外广告", "校车通行", "食品摊贩", "公租房"};

// Documents of one label: the same matters, so that hidden ones answer the same questions.
void AddDocuments(std::string_view label, std::string_view mark,
                  std::map<std::string, std::string>& files) {
  for (int i = 0; i < kDocumentsOfEach; ++i) {
    const std::string_view matter = kMatters[static_cast<size_t>(i) % kMatters.size()];
    const std::string_view next = kMatters[static_cast<size_t>(i + 1) % kMatters.size()];
    files[Cat(label, i, ".md")] =
        Cat("---\nid: ", label, "-", i, "\ntitle: ", mark, matter,
            "管理办法\nkind: rule\nissuer: ", mark, "委员会\ndocument_number: ", mark,
            "政发〔2024〕", i + 1, "号\nvisibility: [", label, "]\n---\n# ", mark, matter,
            "管理办法\n\n第一条 ", mark, "为了规范", matter, "，制定本办法。\n\n第二条 申请",
            matter, "的，应当自", mark, "受理之日起", 10 + i, "日内办理，", mark, "费用",
            20 * (i + 1), "元。\n\n第三条 违反", matter, "规定的，", mark, "处", 100 * (i + 1),
            "元罚款；涉及", next, "的，", mark, "另行处理。\n");
  }
}

// A known question for each of them.
void AddQuestions(std::string_view label, std::string_view mark, std::string& lines) {
  for (int i = 0; i < kDocumentsOfEach; ++i) {
    lines += Cat("{\"question\": \"", kMatters[static_cast<size_t>(i)], "要等多久", mark,
                 "\", \"passages\": [\"documents/", label, "-", i, "/provisions/art2\"]}\n");
  }
}

std::map<std::string, std::string> Files() {
  std::map<std::string, std::string> files;
  AddDocuments("public", "", files);
  AddDocuments("internal", kInternalMark, files);
  AddDocuments("secret", kSecretMark, files);
  AddQuestions("public", "", files["questions.jsonl"]);
  AddQuestions("internal", kInternalMark, files["questions.jsonl"]);
  AddQuestions("secret", kSecretMark, files["questions.jsonl"]);
  return files;
}

// The worst model there can be for secrets: it repeats all of its prompt, cited.
class EchoModel : public ChatModel {
 public:
  const std::string& name() const override { return name_; }
  void StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) override {
    ChatOutcome outcome{.status = {}, .usage = {}, .attempts = 1};
    for (const ChatMessage& message : request.messages) {
      if (!on_text(message.content + "。[1]\n")) outcome.status = absl::CancelledError("cancelled");
    }
    on_done(outcome);
  }

 private:
  std::string name_ = "echo";
};

struct Person {
  std::string name;
  std::vector<std::string_view> hidden;  // marks that must not reach it
  std::unique_ptr<v1::RetrieverService::Stub> retriever = nullptr;
  std::unique_ptr<v1::GeneratorService::Stub> generator = nullptr;
  std::optional<RpcChannel> channel = std::nullopt;
};

class AccessLeakTest : public testing::Test {
 protected:
  AccessLeakTest() : base_(Files()), searcher_(base_.Open()) {
    std::string access = "labels = ['public', 'internal', 'secret']\n";
    access += Principal("hall", "kiosk", "'public'");
    access += Principal("desk", "staff", "'public', 'internal'");
    access += Principal("generator", "service", "'*'");
    EXPECT_TRUE(WriteNewFile(base_.folder() / "access.toml", access).ok());
    access_ = *Access::Open(base_.folder() / "access.toml");

    retriever_ = std::make_unique<RetrieverServiceImpl>(
        RetrieverCalls([this] { return searcher_; }, *TodayIn(kDefaultZone)),
        SnapshotCalls(base_.kb(), RollBackRule::kRefuse), access_.get(), nullptr,
        RetrieverQueues{.computing = &queue_, .waiting = &queue_});
    retriever_server_ = Serve(retriever_.get());
    source_ = *GrpcPassageSource::Create({.address = retriever_server_->address(),
                                          .api_key_file = base_.folder() / "generator.key"});
    answerer_ =
        std::make_unique<Answerer>(source_.get(), &model_, AnswererOptions{.refuse_below = 0.05});
    generator_ = std::make_unique<AnswerService>(answerer_.get(), access_.get(),
                                                 AnswerServiceOptions{.threads = 2});
    generator_server_ = Serve(generator_.get());
  }

  std::string Principal(const std::string& name, const std::string& role,
                        const std::string& labels) {
    const std::string key = MakeApiKey();
    EXPECT_TRUE(WriteNewFile(base_.folder() / (name + ".key"), key).ok());
    return Cat("[[principal]]\nname = '", name, "'\nroles = ['", role, "']\nlabels = [", labels,
               "]\nkeys = ['", ApiKeyHash::Of(key)->ToString(), "']\n");
  }

  static std::unique_ptr<RpcServer> Serve(grpc::Service* service) {
    grpc::Service* const services[] = {service};
    auto server = RpcServer::Start({}, services);
    EXPECT_TRUE(server.ok()) << server.status();
    (*server)->SetServing(true);
    return *std::move(server);
  }

  Person Connect(const std::string& name, std::vector<std::string_view> hidden) const {
    Person person{.name = name, .hidden = std::move(hidden)};
    const std::string key = base_.folder() / (name + ".key");
    person.channel =
        *RpcChannel::Open({.address = retriever_server_->address(), .api_key_file = key});
    person.retriever = v1::RetrieverService::NewStub(person.channel->channel());
    person.generator = v1::GeneratorService::NewStub(
        RpcChannel::Open({.address = generator_server_->address(), .api_key_file = key})
            ->channel());
    return person;
  }

  SampleBase base_;
  std::shared_ptr<const Searcher> searcher_;
  EchoModel model_;
  WorkQueue queue_{{.workers = 2}};
  std::unique_ptr<Access> access_;
  std::unique_ptr<RetrieverServiceImpl> retriever_;
  std::unique_ptr<RpcServer> retriever_server_;
  std::unique_ptr<GrpcPassageSource> source_;
  std::unique_ptr<Answerer> answerer_;
  std::unique_ptr<AnswerService> generator_;
  std::unique_ptr<RpcServer> generator_server_;
};

// Makes random calls as one person and looks at every byte that comes back.
class Asker {
 public:
  Asker(const Person& person, uint32_t seed) : person_(person), random_(seed) {}

  int hits() const { return hits_; }
  int answers() const { return answers_; }
  int suggestions() const { return suggestions_; }

  void AskOne() {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    person_.channel->Prepare(context);
    switch (Pick(7)) {
      case 0:
      case 1:
        return Search(context);
      case 2:
        return GetDocument(context);
      case 3:
        return GetPassages(context);
      case 4:
        return Answer(context);
      case 5:
        return Pick(2) == 0 ? ListDocuments(context) : SuggestQuestions(context);
      default:
        return Stream(context);
    }
  }

 private:
  uint32_t Pick(uint32_t count) { return random_() % count; }

  std::string DocumentName() {
    constexpr std::array<std::string_view, 3> kLabels = {"public", "internal", "secret"};
    return Cat("documents/", kLabels[Pick(3)], "-", Pick(kDocumentsOfEach + 2));
  }
  std::string Question() {
    const std::string_view matter = kMatters[Pick(kMatters.size())];
    switch (Pick(5)) {
      case 0:
        return Cat("申请", matter, "几日内办理");
      case 1:
        return Cat(matter, "管理办法第", Pick(4), "条");
      case 2:
        return Cat("政发〔2024〕", Pick(8), "号", matter);
      case 3:
        return Cat("违反", matter, "规定罚款多少元，涉及", kMatters[Pick(kMatters.size())]);
      default:
        return Cat("委员会 受理 费用 ", matter);
    }
  }
  void FillFilter(v1::SearchFilter& filter) {
    if (Pick(3) == 0) filter.add_documents(DocumentName());
    if (Pick(4) == 0) filter.add_excluded_documents(DocumentName());
    filter.set_include_not_in_force(Pick(2) == 0);
  }

  void Look(const google::protobuf::Message& message, const grpc::Status& status) {
    const std::string bytes =
        Cat(message.SerializeAsString(), status.error_message(), status.error_details());
    for (const std::string_view mark : person_.hidden) {
      ASSERT_EQ(bytes.find(mark), std::string::npos)
          << person_.name << " was shown hidden text:\n"
          << message.DebugString() << status.error_message();
    }
  }

  void Search(grpc::ClientContext& context) {
    v1::SearchRequest request;
    request.set_query(Question());
    request.set_k(static_cast<int32_t>(1 + Pick(30)));
    request.set_explain(Pick(2) == 0);
    FillFilter(*request.mutable_filter());
    v1::SearchResponse response;
    const grpc::Status status = person_.retriever->Search(&context, request, &response);
    hits_ += response.hits_size();
    Look(response, status);
  }
  void GetDocument(grpc::ClientContext& context) {
    v1::GetDocumentRequest request;
    request.set_name(DocumentName());
    v1::GetDocumentResponse response;
    const grpc::Status status = person_.retriever->GetDocument(&context, request, &response);
    Look(response, status);
  }
  void GetPassages(grpc::ClientContext& context) {
    v1::BatchGetPassagesRequest request;
    for (uint32_t i = 0; i <= Pick(2); ++i)
      request.add_names(Cat(DocumentName(), "/provisions/art", 1 + Pick(4)));
    v1::BatchGetPassagesResponse response;
    const grpc::Status status = person_.retriever->BatchGetPassages(&context, request, &response);
    Look(response, status);
  }
  void ListDocuments(grpc::ClientContext& context) {
    v1::ListDocumentsRequest request;
    if (Pick(2) == 0) request.set_query(std::string(kMatters[Pick(kMatters.size())]));
    if (Pick(3) == 0) request.add_kinds("rule");
    request.set_page_size(static_cast<int32_t>(1 + Pick(20)));
    // A token that a caller who sees more could have been given.
    if (Pick(3) == 0) request.set_page_token(Cat("-/", DocumentName().substr(10)));
    v1::ListDocumentsResponse response;
    const grpc::Status status = person_.retriever->ListDocuments(&context, request, &response);
    Look(response, status);
  }
  void SuggestQuestions(grpc::ClientContext& context) {
    v1::SuggestQuestionsRequest request;
    if (Pick(2) == 0) request.set_prefix(std::string(kMatters[Pick(kMatters.size())]));
    request.set_limit(static_cast<int32_t>(1 + Pick(20)));
    v1::SuggestQuestionsResponse response;
    const grpc::Status status = person_.retriever->SuggestQuestions(&context, request, &response);
    suggestions_ += response.questions_size();
    Look(response, status);
  }
  void FillSpec(v1::AnswerSpec& spec) {
    spec.set_question(Question());
    spec.set_extractive_only(Pick(3) == 0);
    FillFilter(*spec.mutable_filter());
  }
  void Answer(grpc::ClientContext& context) {
    v1::GenerateAnswerRequest request;
    FillSpec(*request.mutable_spec());
    v1::GenerateAnswerResponse response;
    const grpc::Status status = person_.generator->GenerateAnswer(&context, request, &response);
    if (response.answer().citations_size() > 0) ++answers_;
    Look(response, status);
  }
  void Stream(grpc::ClientContext& context) {
    v1::StreamGenerateAnswerRequest request;
    FillSpec(*request.mutable_spec());
    const auto reader = person_.generator->StreamGenerateAnswer(&context, request);
    v1::StreamGenerateAnswerResponse event;
    while (reader->Read(&event)) Look(event, grpc::Status::OK);
    Look(v1::StreamGenerateAnswerResponse(), reader->Finish());
  }

  const Person& person_;
  std::mt19937 random_;
  int hits_ = 0;
  int answers_ = 0;
  int suggestions_ = 0;
};

TEST_F(AccessLeakTest, RandomRequestsShowNoHiddenByte) {
  const Person hall = Connect("hall", {kInternalMark, kSecretMark});
  const Person desk = Connect("desk", {kSecretMark});
  Asker hall_asker(hall, 1);
  Asker desk_asker(desk, 2);
  // At once, so that caches are filled by one for the other.
  const auto ask = [](Asker& asker) {
    for (int i = 0; i < kRequests / 2 && !HasFatalFailure(); ++i) asker.AskOne();
  };
  std::thread other([&] { ask(desk_asker); });
  ask(hall_asker);
  other.join();
  // They were shown something at all.
  for (const Asker* asker : {&hall_asker, &desk_asker}) {
    EXPECT_GT(asker->hits(), kRequests / 2);
    EXPECT_GT(asker->answers(), kRequests / 100);
    EXPECT_GT(asker->suggestions(), kRequests / 100);
  }
}

TEST_F(AccessLeakTest, EachSeesItsOwn) {
  const auto titles = [](const Person& person) {
    grpc::ClientContext context;
    person.channel->Prepare(context);
    v1::SearchRequest request;
    request.set_query("申请养犬登记几日内办理");
    v1::SearchResponse response;
    EXPECT_TRUE(person.retriever->Search(&context, request, &response).ok());
    return response.DebugString();
  };
  EXPECT_THAT(titles(Connect("desk", {})), HasSubstr("internal-0"));
  EXPECT_THAT(titles(Connect("hall", {})), Not(HasSubstr("internal-0")));
}

TEST_F(AccessLeakTest, AHiddenDocumentIsAnsweredAsOneThatIsNotThere) {
  const Person hall = Connect("hall", {});
  const auto status = [&](const std::string& id) {
    grpc::ClientContext context;
    hall.channel->Prepare(context);
    v1::GetDocumentRequest request;
    request.set_name("documents/" + id);
    v1::GetDocumentResponse response;
    return FromGrpcStatus(hall.retriever->GetDocument(&context, request, &response));
  };
  const absl::Status hidden = status("internal-0");
  const absl::Status absent = status("internal-9");
  EXPECT_EQ(hidden.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(absent.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ReplaceAll(std::string(hidden.message()), "internal-0", "X"),
            ReplaceAll(std::string(absent.message()), "internal-9", "X"));
}

TEST_F(AccessLeakTest, CountsAreOfWhatTheCallerSees) {
  const Person desk = Connect("desk", {});
  grpc::ClientContext context;
  desk.channel->Prepare(context);
  v1::GetSnapshotResponse response;
  ASSERT_TRUE(desk.retriever->GetSnapshot(&context, {}, &response).ok());
  EXPECT_EQ(response.documents(), 2 * kDocumentsOfEach);
}

}  // namespace
}  // namespace policykb
