#include "generator/gateway/openai_routes.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/base/random_id.h"
#include "core/base/strings.h"
#include "generator/gateway/message_json.h"
#include "generator/gateway/openai_messages.h"
#include "generator/gateway/rest_routes.h"

namespace policykb {

namespace {

constexpr size_t kIdBytes = 12;
constexpr std::string_view kDone = "data: [DONE]\n\n";

std::string Event(std::string_view json) { return Cat("data: ", json, "\n\n"); }

// One completion, on the exchange's thread.
class Completion {
 public:
  Completion(std::shared_ptr<GatewayCall> call, const OpenAiRequest& request, CitationForm form,
             const std::string& console_url)
      : call_(std::move(call)),
        stream_(request.stream),
        include_usage_(request.include_usage),
        with_marks_(form != CitationForm::kList),
        head_{.id = Cat("chatcmpl-", RandomHex(kIdBytes)),
              .created = absl::ToUnixSeconds(absl::Now())},
        text_(form, console_url) {}

  void TakeEvent(v1::StreamGenerateAnswerResponse event, std::function<void(bool)> next) {
    std::string events;
    if (stream_ && !std::exchange(begun_, true)) {
      call_->exchange().Begin(EventStreamHead());
      events += Event(FirstPieceJson(head_));
    }
    if (event.has_final()) {
      answer_ = std::move(*event.mutable_final());
      const std::string rest = text_.Finish(answer_);
      whole_ += rest;
      if (!rest.empty()) events += Event(TextPieceJson(head_, rest));
    } else if (event.has_sentence()) {
      const std::string added = text_.Add(event.sentence());
      whole_ += added;
      events += Event(TextPieceJson(head_, added));
    }
    if (!stream_) return next(true);
    call_->exchange().Write(std::move(events), std::move(next));
  }

  void End(const absl::Status& status) {
    if (!begun_ && !status.ok()) return call_->Fail(status);
    if (!stream_) {
      WebResponse response =
          MakeResponse(200, kJsonType, CompletionJson(head_, whole_, Marks(), answer_));
      response.headers.push_back({"Cache-Control", "no-store"});
      return call_->Reply(std::move(response));
    }
    std::string events;
    if (!status.ok()) {
      events = Event(OpenAiErrorJson(call_->ForClient(status)));
    } else {
      if (!Marks().empty()) events += Event(MarksPieceJson(head_, Marks()));
      events += Event(LastPieceJson(head_));
      if (include_usage_) events += Event(UsagePieceJson(head_, answer_));
      events += kDone;
    }
    call_->exchange().Write(std::move(events),
                            [call = call_, status](bool) { call->EndStream(status); });
  }

  HttpExchange& exchange() const { return call_->exchange(); }

 private:
  std::vector<TextCitation> Marks() const {
    return with_marks_ ? text_.marks() : std::vector<TextCitation>();
  }

  const std::shared_ptr<GatewayCall> call_;
  const bool stream_;
  const bool include_usage_;
  const bool with_marks_;
  const CompletionHead head_;
  AnswerText text_;
  std::string whole_;
  v1::GroundedAnswer answer_;
  bool begun_ = false;
};

}  // namespace

void HandleChat(const std::shared_ptr<GatewayCall>& call, const WebRequest& request,
                CitationForm form, const std::string& console_url, Upstream& upstream) {
  const absl::StatusOr<OpenAiRequest> chat = ReadChatRequest(request.body);
  if (!chat.ok()) return call->Fail(chat.status());
  v1::StreamGenerateAnswerRequest message;
  *message.mutable_spec() = chat->spec;
  const auto completion = std::make_shared<Completion>(call, *chat, form, console_url);
  AnswerSink sink;
  sink.event = [completion](v1::StreamGenerateAnswerResponse event,
                            std::function<void(bool)> next) {
    completion->exchange().Post(
        [completion, event = std::move(event), next = std::move(next)]() mutable {
          completion->TakeEvent(std::move(event), std::move(next));
        });
  };
  sink.ended = [completion](const absl::Status& status) {
    completion->exchange().Post([completion, status] { completion->End(status); });
  };
  call->CancelWithClient(upstream.StartAnswer(message, call->upstream_caller(), std::move(sink)));
}

}  // namespace policykb
