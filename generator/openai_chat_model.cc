#include "generator/openai_chat_model.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/http/http_client.h"
#include "generator/chat_protocol.h"
#include "generator/chat_stream.h"

namespace policykb {
namespace {

constexpr size_t kMaxErrorBodyBytes = 64 << 10;
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

// Waits until `until` or until the caller gives up.
absl::Status Pause(const ChatRequest& request, absl::Time until) {
  while (absl::Now() < until) {
    if (request.cancelled && request.cancelled()) return absl::CancelledError("cancelled");
    absl::SleepFor(std::min(until - absl::Now(), absl::Milliseconds(20)));
  }
  return absl::OkStatus();
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

struct OpenAiChatModel::Attempt {
  absl::Status status;
  bool retry_may_help = false;
  bool handed_on = false;
  std::optional<absl::Duration> pause;  // asked for by the server
};

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
  return std::unique_ptr<OpenAiChatModel>(new OpenAiChatModel(std::move(options), std::move(url)));
}

OpenAiChatModel::OpenAiChatModel(OpenAiChatModelOptions options, std::string url)
    : options_(std::move(options)), url_(std::move(url)) {}

absl::Status OpenAiChatModel::StreamChat(const ChatRequest& request, const ChatTextSink& on_text) {
  const std::string body = EncodeChatRequest(options_.model, request.messages, options_.max_tokens);
  absl::Duration pause = options_.first_pause;
  bool was_empty = false;
  for (int attempt = 1;; ++attempt) {
    Attempt outcome = Try(request, body, on_text);
    if (outcome.status.ok()) {
      if (outcome.handed_on) return absl::OkStatus();
      outcome.status = absl::UnavailableError("model: the reply is empty");
      outcome.retry_may_help = !std::exchange(was_empty, true);
    }
    if (outcome.handed_on || !outcome.retry_may_help || attempt >= options_.max_attempts) {
      return outcome.status;
    }
    const absl::Time again = absl::Now() + outcome.pause.value_or(pause);
    if (again >= request.deadline) return outcome.status;
    RETURN_IF_ERROR(Pause(request, again));
    pause *= 2;
  }
}

OpenAiChatModel::Attempt OpenAiChatModel::Try(const ChatRequest& request, const std::string& body,
                                              const ChatTextSink& on_text) const {
  HttpRequest http;
  http.url = url_;
  // An empty "Expect" keeps libcurl from asking for leave before a long body.
  http.headers = {"Content-Type: application/json", "Accept: text/event-stream", "Expect:"};
  if (!options_.key.empty()) http.headers.push_back(Cat("Authorization: Bearer ", options_.key));
  http.body = body;
  http.deadline = request.deadline;
  http.cancelled = request.cancelled;

  ChatStream stream(options_.marks, options_.max_text_bytes, options_.key, on_text);
  std::string error_body;
  HttpResponseHead head;
  const HttpOutcome outcome =
      HttpPost(http, [&](const HttpResponseHead& response, std::string_view bytes) -> absl::Status {
        head = response;
        if (response.status != 200) {
          error_body += bytes.substr(0, kMaxErrorBodyBytes - error_body.size());
          return absl::OkStatus();
        }
        RETURN_IF_ERROR(stream.Add(response.content_type, bytes));
        return stream.done() ? absl::CancelledError(kWhole) : absl::OkStatus();
      });

  Attempt attempt;
  if (head.status != 0 && head.status != 200) {
    const ChatError error = DecodeChatError(head.status, error_body, options_.key);
    attempt.status = error.status;
    attempt.retry_may_help = error.retry_may_help;
    attempt.pause = ParseRetryAfter(head.retry_after);
    return attempt;
  }
  if (outcome.status.ok() || stream.done()) {
    attempt.status = stream.Finish();
    attempt.retry_may_help = stream.retry_may_help();
  } else {
    attempt.status = outcome.status;
    attempt.retry_may_help =
        stream.retry_may_help() ||
        (outcome.progress == HttpProgress::kNotConnected && absl::IsUnavailable(outcome.status));
    if (outcome.progress != HttpProgress::kResponse || absl::IsDeadlineExceeded(outcome.status)) {
      attempt.status = Annotate(outcome.status, Cat("model server at ", url_));
    }
  }
  attempt.handed_on = stream.handed_on();
  return attempt;
}

}  // namespace policykb
