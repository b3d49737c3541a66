#include "generator/gateway/message_json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "generator/gateway/message_reader.h"
#include "policykb/v1/admin_service.pb.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string ByProtobuf(const google::protobuf::Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

TEST(MessageWriterTest, MessagesLookAsProtobufWritesThem) {
  v1::SearchResponse response;
  v1::Hit& hit = *response.add_hits();
  hit.mutable_passage()->set_text("第一条　\"养犬\"\\须\n登记<b>\x01\x7F");
  hit.mutable_passage()->add_heading_path("总则");
  hit.mutable_passage()->add_heading_path("");
  hit.mutable_passage()->mutable_validity()->set_state(v1::Validity::STATE_IN_FORCE);
  hit.mutable_passage()->mutable_span()->set_end(int64_t{1} << 60);
  hit.set_score(-0.25);
  hit.set_rank(-7);
  hit.mutable_explanation()->set_reranker_score(0);
  response.mutable_reranking();
  response.mutable_evidence()->set_resolved_reference(true);
  // Present with its default: shown.
  response.set_searched_passages(0);
  EXPECT_EQ(MessageToJson(response), ByProtobuf(response));

  v1::GetStatusResponse status;
  v1::MetricSample& sample = *status.add_metrics();
  (*sample.mutable_labels())["route"] = "GET /";
  sample.mutable_durations()->add_bounds(0.5);
  sample.mutable_durations()->add_counts(3);
  sample.set_value(std::numeric_limits<double>::infinity());
  EXPECT_EQ(MessageToJson(status), ByProtobuf(status));
  EXPECT_EQ(MessageToJson(v1::SearchRequest()), "{}");
}

TEST(MessageWriterTest, EnumsThatNobodyKnowsAreNumbers) {
  v1::GroundedAnswer answer;
  answer.set_status(static_cast<v1::AnswerStatus>(77));
  EXPECT_EQ(MessageToJson(answer), R"({"status":77})");
}

TEST(MessageReaderTest, WhatIsWrittenIsReadAgain) {
  v1::GenerateAnswerRequest request;
  v1::AnswerSpec& spec = *request.mutable_spec();
  spec.set_question("养犬\"登记\"\n");
  spec.set_k(7);
  spec.set_extractive_only(true);
  spec.mutable_filter()->add_kinds("law");
  spec.add_history()->set_question("a");
  v1::GenerateAnswerRequest read;
  ASSERT_TRUE(ReadJson(MessageToJson(request), read).ok());
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
}

TEST(MessageReaderTest, BothNamesOfAFieldNumbersInStringsAndNullAreTaken) {
  v1::SearchRequest request;
  ASSERT_TRUE(ReadJson(R"({"as_of_date":"2020-01-01","k":"5","filter":null})", request).ok());
  EXPECT_EQ(request.ShortDebugString(), R"(k: 5 as_of_date: "2020-01-01")");
  v1::SubmitFeedbackRequest feedback;
  ASSERT_TRUE(ReadJson(R"({"rating":"RATING_HELPFUL"})", feedback).ok());
  EXPECT_EQ(feedback.rating(), v1::RATING_HELPFUL);
  EXPECT_TRUE(ReadJson(" \n", feedback).ok());
}

TEST(MessageReaderTest, NothingIsTakenForWhatItIsNot) {
  for (const char* json : {R"({"explain":"yes"})",
                           R"({"explain":1})",
                           R"({"query":1})",
                           R"({"query":true})",
                           R"({"k":1.5})",
                           R"({"k":""})",
                           R"({"k":"1 "})",
                           R"({"k":2147483648})",
                           R"({"k":true})",
                           R"({"filter":[]})",
                           R"({"filter":{"kinds":"law"}})",
                           R"({"filter":{"kinds":[null]}})",
                           R"({"query":"a","query":"b"})",
                           R"({"asOfDate":"a","as_of_date":"b"})",
                           "\"\xFF\"",
                           "{\"query\":\"\xFF\"}",
                           R"({"query":"\ud800"})",
                           "{\"query\":\"a\nb\"}",
                           "{'query':'a'}",
                           R"({"query":"a",})",
                           R"({"k":01})",
                           R"({"k":NaN})",
                           "[]",
                           "null",
                           "{}{}"}) {
    v1::SearchRequest request;
    EXPECT_EQ(ReadJson(json, request).code(), absl::StatusCode::kInvalidArgument) << json;
  }
}

TEST(MessageReaderTest, ErrorsNameTheFieldAndQuoteNoValue) {
  v1::GenerateAnswerRequest request;
  const absl::Status status =
      ReadJson(R"({"spec":{"filter":{"kinds":["a",{"secret":1}]}}})", request);
  EXPECT_EQ(status.message(), "body: spec.filter.kinds: expected a string");
  const absl::Status unknown = ReadJson("{\"spec\":{\"a\\nb\":\"secret\"}}", request);
  EXPECT_EQ(unknown.message(), "body: spec.a\\nb: is no field of policykb.v1.AnswerSpec");
}

TEST(MessageReaderTest, DepthHasALimit) {
  v1::SearchRequest request;
  std::string deep = R"({"filter":)" + std::string(500000, '[') + std::string(500000, ']') + "}";
  EXPECT_THAT(std::string(ReadJson(deep, request).message()), HasSubstr("nested too deep"));
}

TEST(StatusJsonTest, AStatusHasItsDetailsCodeAndHeaders) {
  const WebResponse response =
      ErrorResponse(OverloadedError("too \"many\"", "OVERLOADED", absl::Milliseconds(1500)));
  EXPECT_EQ(response.code, 429);
  EXPECT_THAT(response.body,
              HasSubstr(R"({"code":8,"message":"too \"many\"","details":[{"@type":)"));
  EXPECT_THAT(response.body, HasSubstr(R"("retryDelay":"1.500s")"));
  EXPECT_EQ(response.headers.back().name, "Retry-After");
  EXPECT_EQ(response.headers.back().value, "2");
  EXPECT_EQ(ErrorResponse(absl::UnauthenticatedError("a")).code, 401);
}

}  // namespace
}  // namespace policykb
