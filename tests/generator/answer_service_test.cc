#include "generator/answer_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "generator/feedback/report.h"
#include "generator/grpc_passage_source.h"
#include "generator/openai_chat_model.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/base/temp_folder.h"
#include "tests/generator/fake_generator_parts.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::SearchResponse Found() {
  return MakeResponse(
      {MakePassage("dogs", "养犬条例", 9, "第九条　个人养犬的，每户不得超过二只。")});
}

// A retriever of one answer that remembers the deadline it was given.
class FixedRetriever : public v1::RetrieverService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override {
    deadline = absl::FromChrono(context->deadline());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    if (request->as_of_date() == "never") {
      reactor->Finish({grpc::StatusCode::INVALID_ARGUMENT, "as_of_date: no date"});
    } else {
      *response = Found();
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }
  absl::Time deadline;
};

// Waits inside Search until it is let go or the caller's deadline is over.
class GatedSource : public PassageSource {
 public:
  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest&,
                                            const SearchCall& call) override {
    entered.Notify();
    if (!gate.WaitForNotificationWithDeadline(call.deadline)) {
      return absl::DeadlineExceededError("gate");
    }
    return Found();
  }
  absl::Notification entered;
  absl::Notification gate;
};

class Served {
 public:
  Served(PassageSource* source, ChatModel* model, AnswerServiceOptions options = {},
         AnswererOptions answers = {})
      : answerer_(source, model, std::move(answers)),
        access_(Access::ForEverybody({"public"})),
        service_(&answerer_, access_.get(), std::move(options)) {
    grpc::Service* const services[] = {&service_};
    auto server = RpcServer::Start({}, services);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::GeneratorService::NewStub(
        grpc::CreateChannel(server_->address(), grpc::InsecureChannelCredentials()));
  }

  grpc::Status Answer(std::string_view question, v1::GenerateAnswerResponse* response,
                      absl::Duration limit = absl::Seconds(20)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + limit));
    v1::GenerateAnswerRequest request;
    request.mutable_spec()->set_question(std::string(question));
    return stub_->GenerateAnswer(&context, request, response);
  }

  v1::GeneratorService::Stub& stub() { return *stub_; }
  RpcServer& server() { return *server_; }

 private:
  Answerer answerer_;
  std::unique_ptr<Access> access_;
  AnswerService service_;
  std::unique_ptr<RpcServer> server_;
  std::unique_ptr<v1::GeneratorService::Stub> stub_;
};

TEST(AnswerServiceTest, AnswersOverTheWire) {
  FakePassageSource source(Found());
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]"});
  Served served(&source, &model);
  v1::GenerateAnswerResponse response;
  const grpc::Status status = served.Answer("养几只狗？", &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.answer().mode(), v1::ANSWER_MODE_MODEL);
  EXPECT_EQ(response.answer().sentences(0).text(), "个人养犬的，每户不得超过2只。");
}

TEST(AnswerServiceTest, StreamsTheSameThatItAnswers) {
  FakePassageSource source(Found());
  FakeChatModel model({"个人养犬的，每户不得超过2只。[1]"});
  Served served(&source, &model);
  v1::GenerateAnswerResponse whole;
  ASSERT_TRUE(served.Answer("养几只狗？", &whole).ok());
  grpc::ClientContext context;
  v1::StreamGenerateAnswerRequest request;
  request.mutable_spec()->set_question("养几只狗？");
  const auto reader = served.stub().StreamGenerateAnswer(&context, request);
  std::vector<v1::StreamGenerateAnswerResponse> events;
  for (v1::StreamGenerateAnswerResponse event; reader->Read(&event);) events.push_back(event);
  EXPECT_TRUE(reader->Finish().ok());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].search_done().hits(), 1);
  EXPECT_TRUE(events[1].has_sentence());
  EXPECT_EQ(events[2].final().SerializeAsString(), whole.answer().SerializeAsString());
}

TEST(AnswerServiceTest, SaysWhatIsWrongWithARequest) {
  FakePassageSource source(Found());
  Served served(&source, nullptr);
  v1::GenerateAnswerResponse response;
  const grpc::Status status = served.Answer("", &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("question"));
  grpc::ClientContext context;
  const auto reader = served.stub().StreamGenerateAnswer(&context, {});
  v1::StreamGenerateAnswerResponse event;
  EXPECT_FALSE(reader->Read(&event));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(AnswerServiceTest, RefusesAtOnceOneAnswerTooMany) {
  GatedSource source;
  absl::Mutex mutex;
  std::vector<AnswerRecord> records;
  Served served(&source, nullptr,
                {.threads = 1, .max_answers = 1, .on_answer = [&](const AnswerRecord& record) {
                   absl::MutexLock lock(&mutex);
                   records.push_back(record);
                 }});
  v1::GenerateAnswerResponse first;
  grpc::Status first_status;
  std::thread caller([&] { first_status = served.Answer("养犬", &first); });
  source.entered.WaitForNotification();
  v1::GenerateAnswerResponse second;
  EXPECT_EQ(served.Answer("养犬", &second).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  grpc::ClientContext context;
  v1::StreamGenerateAnswerRequest request;
  request.mutable_spec()->set_question("养犬");
  const auto reader = served.stub().StreamGenerateAnswer(&context, request);
  v1::StreamGenerateAnswerResponse event;
  EXPECT_FALSE(reader->Read(&event));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  source.gate.Notify();
  caller.join();
  EXPECT_TRUE(first_status.ok()) << first_status.error_message();
  absl::MutexLock lock(&mutex);
  EXPECT_EQ(records.size(), 3u);
}

// A caller who begins a stream and does not read it; no more than five bytes of it are on their
// way.
class NotReading : public grpc::ClientReadReactor<v1::StreamGenerateAnswerResponse> {
 public:
  explicit NotReading(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 5);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    stub_ = v1::GeneratorService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    request_.mutable_spec()->set_question("养几只狗？");
    stub_->async()->StreamGenerateAnswer(&context_, &request_, this);
    StartCall();
  }
  ~NotReading() override {
    context_.TryCancel();
    done_.WaitForNotification();
  }

 private:
  void OnDone(const grpc::Status&) override { done_.Notify(); }

  std::unique_ptr<v1::GeneratorService::Stub> stub_;
  grpc::ClientContext context_;
  v1::StreamGenerateAnswerRequest request_;
  absl::Notification done_;
};

TEST(AnswerServiceTest, AnAnswerThatNobodyReadsKeepsItsPlaceUntilItsTimeIsOver) {
  FakePassageSource source(Found());
  absl::Notification answered;
  Served served(&source, nullptr,
                {.threads = 1,
                 .max_answers = 1,
                 .reading_time = absl::Milliseconds(500),
                 .on_answer =
                     [&](const AnswerRecord& record) {
                       if (record.status.ok() && !answered.HasBeenNotified()) answered.Notify();
                     }},
                {.timeout = absl::Seconds(2)});
  const NotReading caller(served.server().address());
  answered.WaitForNotification();
  v1::GenerateAnswerResponse response;
  EXPECT_EQ(served.Answer("养几只狗？", &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  grpc::Status status = grpc::Status::CANCELLED;
  const absl::Time begun = absl::Now();
  while (!status.ok() && absl::Now() < begun + absl::Seconds(60)) {
    status = served.Answer("养几只狗？", &response);
    EXPECT_TRUE(status.ok() || status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  EXPECT_TRUE(status.ok());
}

TEST(AnswerServiceTest, PassesTheDeadlineOn) {
  GatedSource source;
  Served served(&source, nullptr);
  v1::GenerateAnswerResponse response;
  EXPECT_EQ(served.Answer("养犬", &response, absl::Milliseconds(200)).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST(AnswerServiceTest, SurvivesACallerThatGoesAway) {
  GatedSource source;
  absl::Notification recorded;
  AnswerRecord seen;
  {
    Served served(&source, nullptr, {.threads = 1, .on_answer = [&](const AnswerRecord& record) {
                                       seen = record;
                                       recorded.Notify();
                                     }});
    grpc::ClientContext context;
    v1::StreamGenerateAnswerRequest request;
    request.mutable_spec()->set_question("养犬");
    const auto reader = served.stub().StreamGenerateAnswer(&context, request);
    source.entered.WaitForNotification();
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
    source.gate.Notify();
    recorded.WaitForNotification();
  }
  // The cancellation may reach the server after the search: then the answer is made for nobody.
  EXPECT_TRUE(seen.status.ok() || absl::IsCancelled(seen.status)) << seen.status;
}

TEST(AnswerServiceTest, RecordsNothingThatWasAskedOrTold) {
  FakePassageSource source(Found());
  AnswerRecord seen;
  {
    Served served(&source, nullptr, {.on_answer = [&](const AnswerRecord& r) { seen = r; }});
    v1::GenerateAnswerResponse response;
    ASSERT_TRUE(served.Answer("养犬", &response).ok());
  }
  EXPECT_EQ(seen.method, "GenerateAnswer");
  EXPECT_EQ(seen.snapshot, "s1");
  EXPECT_EQ(seen.sentences, 1);
  EXPECT_EQ(seen.mode, v1::ANSWER_MODE_EXTRACTIVE);
}

TEST(AnswerServiceTest, KeepsFeedbackOnTheAnswersThatItGave) {
  const TempFolder folder;
  const auto store = FeedbackStore::Open(folder / "f", absl::Hours(24), absl::Now());
  ASSERT_TRUE(store.ok()) << store.status();
  FakePassageSource source(Found());
  Served served(&source, nullptr, {.feedback = store->get()});
  v1::GenerateAnswerResponse response;
  ASSERT_TRUE(served.Answer("养犬，电话13800138000", &response).ok());
  ASSERT_EQ(response.answer_id().size(), 32u);
  // Streams tell the id with their last event.
  grpc::ClientContext streaming;
  v1::StreamGenerateAnswerRequest request;
  request.mutable_spec()->set_question("养犬");
  const auto reader = served.stub().StreamGenerateAnswer(&streaming, request);
  std::string streamed_id;
  for (v1::StreamGenerateAnswerResponse event; reader->Read(&event);) {
    EXPECT_EQ(event.answer_id().empty(), !event.has_final());
    streamed_id = event.answer_id();
  }
  EXPECT_NE(streamed_id, response.answer_id());

  const auto submit = [&](std::string_view id, v1::Rating rating, std::string_view comment) {
    grpc::ClientContext context;
    v1::SubmitFeedbackRequest feedback;
    feedback.set_answer_id(std::string(id));
    feedback.set_rating(rating);
    feedback.set_comment(std::string(comment));
    v1::SubmitFeedbackResponse none;
    return served.stub().SubmitFeedback(&context, feedback, &none).error_code();
  };
  EXPECT_EQ(submit(response.answer_id(), v1::RATING_NOT_HELPFUL, "不对"), grpc::StatusCode::OK);
  EXPECT_EQ(submit(response.answer_id(), v1::RATING_UNSPECIFIED, ""),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(submit(response.answer_id(), v1::RATING_HELPFUL, std::string(2001, 'x')),
            grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(submit("x", v1::RATING_HELPFUL, ""), grpc::StatusCode::NOT_FOUND);
  const auto report = MakeFeedbackReport(**store, absl::UnixEpoch(), 9);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->answers(), 2);
  ASSERT_EQ(report->disliked_questions_size(), 1);
  EXPECT_EQ(report->disliked_questions(0).question(), "养犬，电话[phone]");
  EXPECT_EQ(report->disliked_questions(0).passages(0), "documents/dogs/provisions/art9");
}

TEST(AnswerServiceTest, ReportsWhatWasNotLikedWithoutNamesOfPassages) {
  const TempFolder folder;
  const auto store = FeedbackStore::Open(folder / "f", absl::Hours(24), absl::Now());
  ASSERT_TRUE(store.ok()) << store.status();
  FakePassageSource source(Found());
  Served served(&source, nullptr, {.feedback = store->get()});
  v1::GenerateAnswerResponse response;
  ASSERT_TRUE(served.Answer("养犬，电话13800138000", &response).ok());
  {
    grpc::ClientContext context;
    v1::SubmitFeedbackRequest feedback;
    feedback.set_answer_id(response.answer_id());
    feedback.set_rating(v1::RATING_NOT_HELPFUL);
    feedback.set_comment("不对");
    v1::SubmitFeedbackResponse none;
    ASSERT_TRUE(served.stub().SubmitFeedback(&context, feedback, &none).ok());
  }
  const auto report = [&](int days, int most, v1::GetFeedbackReportResponse& told) {
    grpc::ClientContext context;
    v1::GetFeedbackReportRequest request;
    request.set_days(days);
    request.set_most(most);
    return served.stub().GetFeedbackReport(&context, request, &told).error_code();
  };
  v1::GetFeedbackReportResponse told;
  ASSERT_EQ(report(0, 0, told), grpc::StatusCode::OK);
  EXPECT_EQ(told.answers(), 1);
  EXPECT_EQ(told.not_helpful(), 1);
  ASSERT_EQ(told.disliked_questions_size(), 1);
  EXPECT_EQ(told.disliked_questions(0).question(), "养犬，电话[phone]");
  EXPECT_THAT(told.disliked_questions(0).comments(), testing::ElementsAre("不对"));
  EXPECT_EQ(told.disliked_questions(0).last_asked_at().size(),
            std::string_view("2026-01-01T00:00:00+00:00").size());
  EXPECT_EQ(told.DebugString().find("provisions"), std::string::npos);
  EXPECT_EQ(report(3651, 0, told), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(report(1, -1, told), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST(AnswerServiceTest, KeepsNoFeedbackUnlessToldSo) {
  FakePassageSource source(Found());
  Served served(&source, nullptr);
  v1::GenerateAnswerResponse response;
  ASSERT_TRUE(served.Answer("养犬", &response).ok());
  EXPECT_EQ(response.answer_id(), "");
  grpc::ClientContext context;
  v1::SubmitFeedbackRequest feedback;
  v1::SubmitFeedbackResponse none;
  EXPECT_EQ(served.stub().SubmitFeedback(&context, feedback, &none).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  grpc::ClientContext reporting;
  v1::GetFeedbackReportResponse report;
  EXPECT_EQ(served.stub().GetFeedbackReport(&reporting, {}, &report).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST(AnswerServiceTest, ClosesTheModelsConnectionWhenTheCallerCancels) {
  FakePassageSource source(Found());
  FakeChatServer server;
  server.SetDefault({.pieces = {FakeTextEvent("个")}, .ending = FakeEnding::kHang});
  const auto model = OpenAiChatModel::Create({.url = server.url(), .model = "m"});
  ASSERT_TRUE(model.ok());
  Served served(&source, model->get());
  grpc::ClientContext context;
  v1::StreamGenerateAnswerRequest request;
  request.mutable_spec()->set_question("养犬");
  const auto reader = served.stub().StreamGenerateAnswer(&context, request);
  while (server.requests().empty()) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time when = absl::Now();
  context.TryCancel();
  while (server.departures().empty()) absl::SleepFor(absl::Milliseconds(1));
  // At once, which is long before the 30 s that an answer may take.
  EXPECT_LT(server.departures()[0] - when, absl::Seconds(5));
}

TEST(GrpcPassageSourceTest, SearchesARetrieverWithTheDeadline) {
  FixedRetriever retriever;
  grpc::Service* const services[] = {&retriever};
  const auto server = RpcServer::Start({}, services);
  ASSERT_TRUE(server.ok());
  const auto source = GrpcPassageSource::Create({.address = (*server)->address()});
  ASSERT_TRUE(source.ok()) << source.status();
  v1::SearchRequest request;
  request.set_query("x");
  const auto found = (*source)->Search(request, absl::Now() + absl::Seconds(100));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->hits_size(), 1);
  EXPECT_LT(retriever.deadline, absl::Now() + absl::Seconds(101));
  request.set_as_of_date("never");
  const absl::Status status = (*source)->Search(request, absl::InfiniteFuture()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("retriever at")));
}

TEST(GrpcPassageSourceTest, SaysWhichRetrieverIsAwayWithoutWaiting) {
  const auto source = GrpcPassageSource::Create({.address = "localhost:1"});
  ASSERT_TRUE(source.ok());
  const absl::Time start = absl::Now();
  const absl::Status status = (*source)->Search({}, start + absl::Seconds(60)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("retriever at 127.0.0.1:1: "));
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST(GrpcPassageSourceTest, RefusesAddressesBeyondThisMachine) {
  EXPECT_EQ(GrpcPassageSource::Create({.address = "10.0.0.1:5000"}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  for (const char* address : {"", "x", "127.0.0.1", "127.0.0.1:0"}) {
    EXPECT_EQ(GrpcPassageSource::Create({.address = address}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << address;
  }
}

}  // namespace
}  // namespace policykb
