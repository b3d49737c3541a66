#include "tools/feedback_command.h"

#include <grpcpp/client_context.h>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "generator/feedback/feedback_store.h"
#include "generator/feedback/report.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "tools/printing.h"

namespace policykb {
namespace {

constexpr absl::Duration kCallLimit = absl::Seconds(10);

std::string QuestionsText(
    std::string_view heading,
    const google::protobuf::RepeatedPtrField<feedback::v1::ReportedQuestion>& questions) {
  if (questions.empty()) return {};
  std::string text = Cat("\n", heading, "\n");
  for (const feedback::v1::ReportedQuestion& question : questions) {
    text += Cat(
        "  ", question.answers(), " x  ", question.question(), "  (last ",
        absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(question.last_ms()), absl::UTCTimeZone()),
        ")\n");
    for (const std::string& comment : question.comments())
      text += Cat("       said: ", comment, "\n");
    for (const std::string& passage : question.passages()) text += Cat("       ", passage, "\n");
  }
  return text;
}

}  // namespace

std::string FeedbackReportText(const feedback::v1::Report& report, int days) {
  return Cat("last ", days, " days: ", report.answers(), " answers, ", report.unanswered(),
             " without a claim, ", report.model_failed(), " with a model that failed; ",
             report.helpful(), " called helpful, ", report.not_helpful(), " not\n",
             QuestionsText("not answered:", report.unanswered_questions()),
             QuestionsText("called not helpful:", report.disliked_questions()));
}

absl::Status RunFeedbackReport(const FeedbackCommand& command, OutputForm form, absl::Time now) {
  ASSIGN_OR_RETURN(const std::unique_ptr<FeedbackStore> store,
                   FeedbackStore::OpenForReading(command.folder));
  ASSIGN_OR_RETURN(const feedback::v1::Report report,
                   MakeFeedbackReport(*store, now - absl::Hours(24) * command.days, command.most));
  Print(form == OutputForm::kJson ? ToJson(report) : FeedbackReportText(report, command.days));
  return absl::OkStatus();
}

absl::Status RunSubmit(const SubmitCommand& command) {
  ASSIGN_OR_RETURN(const RpcChannel channel, RpcChannel::Open(command.generator));
  const auto stub = v1::GeneratorService::NewStub(channel.channel());
  grpc::ClientContext context;
  channel.Prepare(context);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallLimit));
  v1::SubmitFeedbackRequest request;
  request.set_answer_id(command.answer_id);
  request.set_rating(command.rating);
  request.set_comment(command.comment);
  v1::SubmitFeedbackResponse response;
  const absl::Status status = FromGrpcStatus(stub->SubmitFeedback(&context, request, &response));
  if (absl::IsUnavailable(status)) return Annotate(status, Cat("generator at ", channel.address()));
  RETURN_IF_ERROR(status);
  Print(Cat("noted: answer ", command.answer_id,
            command.rating == v1::RATING_HELPFUL ? " helped\n" : " did not help\n"));
  return absl::OkStatus();
}

}  // namespace policykb
