#include "generator/openai_chat_model.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/chat_stream.h"
#include "generator/token_estimate.h"

namespace policykb {
namespace {

constexpr size_t kMaxErrorBodyBytes = 64 << 10;
// How long the end of a transfer is waited for behind a whole reply.
constexpr absl::Duration kLinger = absl::Milliseconds(200);
// Ends a transfer whose reply is whole though the server keeps the connection open.
constexpr char kWhole[] = "policykb: the reply is whole";

// True when `path` ends in a version such as /v1 or /v3.
bool EndsInVersion(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view last = path.substr(slash + 1);
  return last.size() >= 2 && last[0] == 'v' &&
         last.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// Seconds of a Retry-After header; HTTP dates are not read.
std::optional<absl::Duration> ParseRetryAfter(std::string_view text) {
  if (text.empty() || text.size() > 6) return std::nullopt;
  int64_t seconds = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  return absl::Seconds(seconds);
}

}  // namespace

absl::StatusOr<std::string> ChatCompletionsUrl(std::string_view base_url) {
  std::string_view url = StripAsciiSpace(base_url);
  while (url.ends_with('/')) url.remove_suffix(1);
  size_t scheme = 0;
  if (url.starts_with("http://")) scheme = 7;
  if (url.starts_with("https://")) scheme = 8;
  if (scheme == 0 || url.size() == scheme || url[scheme] == '/' ||
      url.find_first_of(" \t\r\n?#@") != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "model URL: expected http://HOST[:PORT][/PATH] or https://..., without user, query and "
        "fragment");
  }
  if (url.ends_with("/chat/completions")) return std::string(url);
  if (EndsInVersion(url.substr(scheme))) return Cat(url, "/chat/completions");
  return Cat(url, "/v1/chat/completions");
}

absl::StatusOr<std::unique_ptr<OpenAiChatModel>> OpenAiChatModel::Create(
    OpenAiChatModelOptions options) {
  ASSIGN_OR_RETURN(std::string url, ChatCompletionsUrl(options.url));
  if (options.model.empty()) return absl::InvalidArgumentError("model: the name is empty");
  for (const char c : options.key) {
    if (c <= 0x20 || c >= 0x7F) {
      return absl::InvalidArgumentError("model key: expected one word of printable ASCII");
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<HttpClient> http, HttpClient::Create(options.http));
  return std::unique_ptr<OpenAiChatModel>(
      new OpenAiChatModel(std::move(options), std::move(url), std::move(http)));
}

absl::Duration JitteredPause(absl::Duration pause, double random) {
  return pause * (0.5 + random / 2);
}

// One call with all its attempts. Everything behind Begin runs on the HTTP client's thread; the
// object deletes itself when its last request is over.
class OpenAiChatModel::Call {
 public:
  Call(OpenAiChatModel* model, ChatRequest request, ChatTextSink on_text, ChatDone on_done)
      : model_(*model),
        request_(std::move(request)),
        on_text_(std::move(on_text)),
        on_done_(std::move(on_done)),
        body_(EncodeChatRequest(model_.options_.model, request_.messages,
                                model_.options_.max_tokens, model_.options_.streaming)),
        started_(absl::Now()),
        pause_(model_.options_.first_pause) {}

  void Begin(absl::Time not_before) {
    const std::string& key = model_.options_.key;
    head_ = {};
    error_body_.clear();
    stream_.emplace(model_.options_.marks, model_.options_.max_text_bytes, key, on_text_);
    ++outcome_.attempts;
    HttpRequest http;
    http.url = model_.url_;
    // An empty "Expect" keeps libcurl from asking for leave before a long body.
    http.headers = {"Content-Type: application/json", "Accept: text/event-stream", "Expect:"};
    if (!key.empty()) http.headers.push_back(Cat("Authorization: Bearer ", key));
    if (!request_.trace.trace_id.empty())
      http.headers.push_back(Cat(kTraceParent, ": ", request_.trace.ToTraceParent()));
    http.body = body_;
    http.not_before = not_before;
    http.deadline = request_.deadline;
    http.cancelled = [this] { return IsCancelled(); };
    model_.http_->Start(
        std::move(http),
        [this](const HttpResponseHead& head, std::string_view bytes) { return Take(head, bytes); },
        [this](const HttpOutcome& http_outcome) { End(http_outcome); });
  }

 private:
  struct Attempt {
    absl::Status status;
    bool retry_may_help = false;
    std::optional<absl::Duration> pause = {};  // asked for by the server
  };

  bool IsCancelled() const {
    // What follows a whole reply is waited for only so that the connection can be used again.
    if (told_) return absl::Now() >= linger_until_;
    return request_.cancelled && request_.cancelled();
  }

  absl::Status Take(const HttpResponseHead& head, std::string_view bytes) {
    if (told_) return absl::OkStatus();
    head_ = head;
    if (head.status != 200) {
      error_body_ += bytes.substr(0, kMaxErrorBodyBytes - error_body_.size());
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(stream_->Add(head.content_type, bytes));
    if (!stream_->done()) return absl::OkStatus();
    Attempt attempt = WholeReply();
    if (!attempt.status.ok()) return absl::CancelledError(kWhole);
    Tell(attempt.status);
    linger_until_ = absl::Now() + kLinger;
    return absl::OkStatus();
  }

  // A reply that arrived to its end.
  Attempt WholeReply() {
    if (!whole_) whole_ = stream_->Finish();
    Attempt attempt{.status = *whole_, .retry_may_help = stream_->retry_may_help()};
    if (attempt.status.ok() && !stream_->handed_on()) {
      attempt.status = absl::UnavailableError("model: the reply is empty");
      attempt.retry_may_help = !was_empty_;
    } else if (attempt.status.ok()) {
      attempt.status = CheckPromptWhole();
    }
    return attempt;
  }

  absl::Status CheckPromptWhole() const {
    size_t sent = 0;
    for (const ChatMessage& message : request_.messages) sent += LeastTokens(message.content);
    const auto counted = static_cast<size_t>(stream_->usage().prompt_tokens);
    if (counted == 0 || counted >= sent) return absl::OkStatus();
    return absl::FailedPreconditionError(
        Cat("model server: the prompt was cut: it counts ", counted, " prompt tokens of at least ",
            sent, " that were sent; give it a longer context, or send less (--prompt-tokens)"));
  }

  Attempt Judge(const HttpOutcome& http) {
    if (head_.status != 0 && head_.status != 200) {
      ChatError error = DecodeChatError(head_.status, error_body_, model_.options_.key);
      return {.status = std::move(error.status),
              .retry_may_help = error.retry_may_help,
              .pause = ParseRetryAfter(head_.retry_after)};
    }
    if (http.status.ok() || stream_->done()) return WholeReply();
    Attempt attempt{.status = http.status,
                    .retry_may_help = stream_->retry_may_help() ||
                                      (http.progress == HttpProgress::kNotConnected &&
                                       absl::IsUnavailable(http.status))};
    if (http.progress != HttpProgress::kResponse || absl::IsDeadlineExceeded(http.status)) {
      attempt.status = Annotate(http.status, Cat("model server at ", model_.url_));
    }
    return attempt;
  }

  void End(const HttpOutcome& http) {
    if (!told_) {
      const Attempt attempt = Judge(http);
      if (MayRetry(attempt)) {
        const absl::Time again =
            absl::Now() +
            attempt.pause.value_or(JitteredPause(pause_, absl::Uniform(model_.random_, 0.0, 1.0)));
        if (again < request_.deadline) {
          pause_ *= 2;
          was_empty_ = was_empty_ || (whole_ && whole_->ok());
          whole_.reset();
          Begin(again);
          return;
        }
      }
      Tell(attempt.status);
    }
    delete this;
  }

  bool MayRetry(const Attempt& attempt) const {
    return !attempt.status.ok() && attempt.retry_may_help && !stream_->handed_on() &&
           outcome_.attempts < model_.options_.max_attempts;
  }

  void Tell(const absl::Status& status) {
    told_ = true;
    RecordInCircuit(status);
    outcome_.status = status;
    outcome_.usage = stream_->usage();
    on_done_(outcome_);
  }

  void RecordInCircuit(const absl::Status& status) {
    CircuitBreaker& circuit = model_.circuit_;
    const bool too_long = absl::IsResourceExhausted(status) && head_.status == 200;
    const bool early =
        absl::IsDeadlineExceeded(status) && absl::Now() - started_ < model_.options_.patience;
    if (status.ok() || too_long) {
      circuit.Succeeded();
    } else if (absl::IsCancelled(status) || absl::IsInvalidArgument(status) || early) {
      circuit.Abandoned();
    } else {
      circuit.Failed(absl::Now());
    }
  }

  OpenAiChatModel& model_;
  const ChatRequest request_;
  const ChatTextSink on_text_;
  const ChatDone on_done_;
  const std::string body_;
  const absl::Time started_;
  absl::Duration pause_;
  ChatOutcome outcome_ = {};
  bool was_empty_ = false;
  bool told_ = false;
  absl::Time linger_until_ = absl::InfiniteFuture();
  // Of the present attempt.
  HttpResponseHead head_ = {};
  std::string error_body_;
  std::optional<ChatStream> stream_;
  std::optional<absl::Status> whole_;  // of the stream's end
};

OpenAiChatModel::OpenAiChatModel(OpenAiChatModelOptions options, std::string url,
                                 std::unique_ptr<HttpClient> http)
    : options_(std::move(options)),
      url_(std::move(url)),
      circuit_(options_.circuit),
      http_(std::move(http)) {}

void OpenAiChatModel::StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) {
  if (absl::Status status = circuit_.Admit(absl::Now()); !status.ok()) {
    on_done({.status = Annotate(status, Cat("model server at ", url_))});
    return;
  }
  (new Call(this, std::move(request), std::move(on_text), std::move(on_done)))
      ->Begin(absl::InfinitePast());
}

}  // namespace policykb
