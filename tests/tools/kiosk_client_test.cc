#include "tools/kiosk_example/kiosk_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "core/rpc/status_conversion.h"
#include "core/rpc/trace_context.h"

namespace policykb {
namespace {

// A generator that sends two sentences, then ends as it is told.
class FakeGenerator final : public v1::GeneratorService::Service {
 public:
  enum class Ending { kWhole, kError, kNever, kNoFinal };

  grpc::Status StreamGenerateAnswer(
      grpc::ServerContext* context, const v1::StreamGenerateAnswerRequest*,
      grpc::ServerWriter<v1::StreamGenerateAnswerResponse>* writer) override {
    const auto trace = context->client_metadata().find(kTraceParent);
    if (trace != context->client_metadata().end())
      trace_parent.assign(trace->second.data(), trace->second.size());
    if (unavailable-- > 0) return {grpc::StatusCode::UNAVAILABLE, "going down"};
    v1::GroundedAnswer answer;
    for (int i = 1; i <= 2; ++i) {
      v1::StreamGenerateAnswerResponse event;
      v1::SentenceReady& ready = *event.mutable_sentence();
      ready.mutable_sentence()->set_text(Cat("第", i, "句。"));
      ready.mutable_sentence()->add_citations(i);
      ready.add_citations()->set_number(i);
      *answer.add_sentences() = ready.sentence();
      *answer.add_citations() = ready.citations(0);
      writer->Write(event);
    }
    if (ending == Ending::kError) return {grpc::StatusCode::INTERNAL, "broke"};
    while (ending == Ending::kNever && !context->IsCancelled())
      absl::SleepFor(absl::Milliseconds(1));
    if (ending == Ending::kWhole) {
      v1::StreamGenerateAnswerResponse last;
      *last.mutable_final() = answer;
      last.mutable_final()->set_snapshot("s1");
      last.set_answer_id("id1");
      writer->Write(last);
    }
    return grpc::Status::OK;
  }

  Ending ending = Ending::kWhole;
  std::atomic<int> unavailable = 0;  // attempts to refuse
  std::string trace_parent;
};

class KioskClientTest : public testing::Test {
 protected:
  KioskAnswer Ask(absl::Duration limit = absl::Seconds(20)) {
    grpc::Service* const services[] = {&generator_};
    auto server = RpcServer::Start({.drain_limit = absl::ZeroDuration()}, services);
    EXPECT_TRUE(server.ok()) << server.status();
    auto client = KioskClient::Create({.address = (*server)->address()});
    EXPECT_TRUE(client.ok()) << client.status();
    v1::AnswerSpec spec;
    spec.set_question("养犬登记要几天");
    return client->Ask(spec, limit, [this](const v1::SentenceReady& ready) {
      heard_.push_back(ready.sentence().text());
    });
  }

  FakeGenerator generator_;
  std::vector<std::string> heard_;
};

TEST_F(KioskClientTest, SentencesAreHeardAsTheyComeAndTheWholeAnswerIsKept) {
  const KioskAnswer result = Ask();
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(heard_, (std::vector<std::string>{"第1句。", "第2句。"}));
  EXPECT_EQ(result.answer.snapshot(), "s1");
  EXPECT_EQ(result.answer_id, "id1");
  const auto told = ParseTraceParent(generator_.trace_parent);
  ASSERT_TRUE(told.has_value()) << generator_.trace_parent;
  EXPECT_EQ(told->trace_id, result.trace_id);
}

TEST_F(KioskClientTest, AnAttemptThatFindsTheServerAwayIsRepeated) {
  generator_.unavailable = 2;
  EXPECT_TRUE(Ask().status.ok());
  EXPECT_EQ(heard_.size(), 2U);
}

TEST_F(KioskClientTest, ServersThatStayAwayAreSaidToBe) {
  generator_.unavailable = 100;
  const KioskAnswer result = Ask();
  EXPECT_EQ(result.status.code(), absl::StatusCode::kUnavailable);
  // The service config allows three attempts.
  EXPECT_EQ(generator_.unavailable, 97);
  EXPECT_TRUE(heard_.empty());
  EXPECT_EQ(ApologyFor(result.status, true), "暂时无法查询，请稍后再试，或到窗口咨询。");
}

TEST_F(KioskClientTest, WhatCameBeforeTheEndIsKept) {
  generator_.ending = FakeGenerator::Ending::kError;
  const KioskAnswer result = Ask();
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(heard_.size(), 2U);
  EXPECT_EQ(result.answer.sentences_size(), 2);
  EXPECT_EQ(result.answer.citations_size(), 2);
}

TEST_F(KioskClientTest, AnAnswerThatDoesNotEndIsLeftAtTheDeadline) {
  generator_.ending = FakeGenerator::Ending::kNever;
  const KioskAnswer result = Ask(absl::Seconds(2));
  EXPECT_EQ(result.status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(result.answer.sentences_size(), 2);
}

TEST_F(KioskClientTest, AStreamWithoutItsLastEventIsNotTakenForWhole) {
  generator_.ending = FakeGenerator::Ending::kNoFinal;
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kDataLoss);
}

TEST_F(KioskClientTest, ApologiesSayWhatAPersonCanDo) {
  EXPECT_EQ(ApologyFor(absl::ResourceExhaustedError("principal x"), true),
            "现在查询的人较多，请稍后再试。");
  EXPECT_EQ(ApologyFor(absl::InvalidArgumentError("query: over 8192 bytes"), false),
            "Please put the question in other words.");
  EXPECT_EQ(ApologyFor(absl::OkStatus(), false), "");
}

}  // namespace
}  // namespace policykb
