// policykb ask and feedback against a running generator, and ask in process.

#include "tools/ask.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/rpc/server.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "tests/testing/fake_chat_server.h"
#include "tests/testing/sample_base.h"
#include "tools/feedback_command.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Answers with one sentence under a fixed id and remembers what it is told of it.
class FixedGenerator : public v1::GeneratorService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GenerateAnswer(grpc::CallbackServerContext* context,
                                           const v1::GenerateAnswerRequest*,
                                           v1::GenerateAnswerResponse* response) override {
    response->mutable_answer()->set_status(v1::ANSWER_STATUS_ANSWERED);
    response->mutable_answer()->add_sentences()->set_text("不收费。");
    response->set_answer_id(answer_id);
    return Finished(context, grpc::Status::OK);
  }
  grpc::ServerUnaryReactor* SubmitFeedback(grpc::CallbackServerContext* context,
                                           const v1::SubmitFeedbackRequest* request,
                                           v1::SubmitFeedbackResponse*) override {
    told = *request;
    return Finished(context, request->answer_id() == answer_id
                                 ? grpc::Status::OK
                                 : grpc::Status(grpc::StatusCode::NOT_FOUND, "answer_id: none"));
  }

  std::string answer_id = "00f1";
  v1::SubmitFeedbackRequest told;

 private:
  static grpc::ServerUnaryReactor* Finished(grpc::CallbackServerContext* context,
                                            const grpc::Status& status) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }
};

class AskTest : public testing::Test {
 protected:
  AskTest() {
    grpc::Service* const services[] = {&generator_};
    auto server = RpcServer::Start({}, services);
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  // What is printed.
  static std::string Ask(const Target& target, const AskOptions& options) {
    testing::internal::CaptureStdout();
    const absl::Status status = RunAsk(target, options, OutputForm::kPeople);
    const std::string printed = testing::internal::GetCapturedStdout();
    EXPECT_TRUE(status.ok()) << status;
    return printed;
  }

  FixedGenerator generator_;
  std::unique_ptr<RpcServer> server_;
};

TEST_F(AskTest, PrintsTheIdOfAnAnswerThatMayBeJudged) {
  AskOptions options;
  options.spec.set_question("收费吗");
  options.generator = server_->address();
  EXPECT_THAT(Ask({}, options), AllOf(HasSubstr("不收费。\n"), HasSubstr("  (answer 00f1)\n")));
  generator_.answer_id.clear();
  EXPECT_THAT(Ask({}, options), Not(HasSubstr("(answer ")));
}

TEST_F(AskTest, FeedbackReachesTheGeneratorWithItsComment) {
  SubmitCommand command = {.generator = {.address = server_->address()},
                           .answer_id = "00f1",
                           .rating = v1::RATING_NOT_HELPFUL,
                           .comment = "答非所问"};
  testing::internal::CaptureStdout();
  EXPECT_TRUE(RunSubmit(command).ok());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "noted: answer 00f1 did not help\n");
  EXPECT_EQ(generator_.told.answer_id(), "00f1");
  EXPECT_EQ(generator_.told.rating(), v1::RATING_NOT_HELPFUL);
  EXPECT_EQ(generator_.told.comment(), "答非所问");
  command.answer_id = "00f2";
  const absl::Status unknown = RunSubmit(command);
  EXPECT_TRUE(absl::IsNotFound(unknown));
  EXPECT_THAT(std::string(unknown.message()), HasSubstr("answer_id"));
}

TEST_F(AskTest, OptionsOfTheModelAreOfNoUseToARunningGenerator) {
  AskOptions options;
  options.spec.set_question("收费吗");
  options.generator = server_->address();
  options.settings.model_url = "http://127.0.0.1:1";
  const absl::Status refused = RunAsk({}, options, OutputForm::kPeople);
  EXPECT_TRUE(absl::IsInvalidArgument(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--generator"));
}

TEST_F(AskTest, InProcessAModelIsAskedAsTheSettingsSay) {
  const SampleBase base;
  Target target;
  target.kb = base.kb();
  FakeChatServer model;
  // Not streamed, with the tokens that were asked for.
  model.Enqueue({.content_type = "application/json",
                 .pieces = {R"({"choices":[{"index":0,"message":{"role":"assistant","content":)"
                            R"("养犬人应当自取得犬只之日起30日内办理养犬登记。[1]"},)"
                            R"("finish_reason":"stop"}]})"}});
  AskOptions options;
  options.spec.set_question("甲县养犬管理条例第二条");
  options.settings.model_url = model.url();
  options.settings.model = "m";
  options.settings.model_stream = false;
  options.settings.max_tokens = 321;
  EXPECT_THAT(Ask(target, options),
              AllOf(HasSubstr("养犬人应当自取得犬只之日起30日内办理养犬登记。[1]"),
                    HasSubstr(", model m)"), Not(HasSubstr("(answer "))));
  ASSERT_EQ(model.requests().size(), 1u);
  EXPECT_THAT(model.requests()[0], HasSubstr("\"max_tokens\":321"));

  options.settings.model.clear();
  EXPECT_THAT(std::string(RunAsk(target, options, OutputForm::kPeople).message()),
              HasSubstr("--model-url: needs --model"));
}

}  // namespace
}  // namespace policykb
