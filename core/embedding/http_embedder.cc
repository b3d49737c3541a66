#include "core/embedding/http_embedder.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/embeddings_protocol.h"
#include "core/embedding/transformer/workers.h"
#include "core/http/circuit_breaker.h"
#include "core/http/http_client.h"

namespace policykb {

namespace {

constexpr uint64_t kMostKeyBytes = 4096;
// Of a reply: a batch of large vectors written with all their digits.
constexpr size_t kMostReplyBytes = 256 << 20;
// A kept connection may have been closed by the server: the second try finds out.
constexpr int kSearchTries = 2;
constexpr int kAnyTries = 0;
constexpr char kKeyVariable[] = "POLICYKB_EMBEDDING_KEY";

absl::StatusOr<std::string> EmbeddingsUrl(std::string_view base) {
  std::string_view url = StripAsciiSpace(base);
  while (url.ends_with('/')) url.remove_suffix(1);
  const size_t scheme = url.starts_with("http://") ? 7 : url.starts_with("https://") ? 8 : 0;
  if (scheme == 0 || url.size() == scheme || url[scheme] == '/' ||
      url.find_first_of(" \t\r\n?#@") != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "embedding URL: expected http://HOST[:PORT][/PATH] or https://..., without user, query and "
        "fragment");
  }
  if (url.ends_with("/embeddings")) return std::string(url);
  return Cat(url, url.ends_with("/v1") ? "/embeddings" : "/v1/embeddings");
}

absl::Status CheckOptions(const HttpEmbedderOptions& options) {
  if (options.model.empty())
    return absl::InvalidArgumentError("embedding model: the name is empty");
  const bool one_word = std::all_of(options.key.begin(), options.key.end(),
                                    [](char c) { return c > 0x20 && c < 0x7F; });
  if (one_word) return absl::OkStatus();
  return absl::InvalidArgumentError("embedding key: expected one word of printable ASCII");
}

// What one try came to.
struct Attempt {
  absl::StatusOr<std::vector<float>> vectors;
  bool retry_may_help = false;
};

absl::Status StatusOf(int http_status, const std::string& message) {
  if (http_status == 401 || http_status == 403) return absl::PermissionDeniedError(message);
  if (http_status == 429 || http_status >= 500) return absl::UnavailableError(message);
  return absl::InvalidArgumentError(message);
}

class HttpEmbedder : public Embedder {
 public:
  HttpEmbedder(HttpEmbedderOptions options, std::string url, std::unique_ptr<HttpClient> client)
      : options_(std::move(options)),
        url_(std::move(url)),
        client_(std::move(client)),
        circuit_(options_.circuit) {
    // The address is none of the model's properties; a server may move.
    Digest digest;
    digest.Add("http");
    digest.Add(options_.model);
    digest.Add(static_cast<int64_t>(options_.dimension));
    digest.Add(options_.query_prefix);
    digest.Add(options_.passage_prefix);
    fingerprint_ = digest.Hex();
  }

  int dimension() const override { return static_cast<int>(options_.dimension); }
  const std::string& fingerprint() const override { return fingerprint_; }

  absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const override {
    const absl::Time deadline = absl::Now() + options_.passages_limit;
    const size_t requests = (texts.size() + options_.batch - 1) / options_.batch;
    std::vector<float> vectors(texts.size() * options_.dimension);
    RETURN_IF_ERROR(
        RunWithWorkers(requests, options_.requests, [&](size_t request, size_t) -> absl::Status {
          const size_t first = request * options_.batch;
          const size_t count = std::min(options_.batch, texts.size() - first);
          std::vector<std::string> batch;
          for (const std::string_view text : texts.subspan(first, count))
            batch.push_back(Cat(options_.passage_prefix, text));
          ASSIGN_OR_RETURN(const std::vector<float> made, Ask(batch, deadline));
          std::copy(made.begin(), made.end(),
                    vectors.begin() + static_cast<std::ptrdiff_t>(first * options_.dimension));
          return absl::OkStatus();
        }));
    return vectors;
  }

  absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const override {
    const std::vector<std::string> texts = {Cat(options_.query_prefix, text)};
    return Ask(texts, absl::Now() + options_.query_limit);
  }

  absl::StatusOr<std::vector<float>> EmbedForSearch(std::span<const std::string_view> texts,
                                                    const EmbeddingCall& call) const override {
    if (absl::Status admitted = circuit_.Admit(absl::Now()); !admitted.ok())
      return Annotate(admitted, Where());
    std::vector<std::string> queries;
    for (const std::string_view text : texts) queries.push_back(Cat(options_.query_prefix, text));
    absl::StatusOr<std::vector<float>> vectors =
        Ask(queries, std::min(call.deadline, absl::Now() + options_.search_limit), kSearchTries,
            call.trace_parent);
    if (vectors.ok()) {
      circuit_.Succeeded();
    } else if (absl::IsInvalidArgument(vectors.status())) {
      // These words are refused, others need not be.
      circuit_.Abandoned();
    } else {
      circuit_.Failed(absl::Now());
    }
    return vectors;
  }
  bool waits_for_network() const override { return true; }

  // Tries until it succeeds, cannot, has tried so often, or the next try would begin behind the
  // deadline.
  absl::StatusOr<std::vector<float>> Ask(const std::vector<std::string>& texts, absl::Time deadline,
                                         int most_tries = kAnyTries,
                                         const std::string& trace_parent = {}) const {
    const std::string body = EncodeEmbeddingsRequest(options_.model, texts);
    absl::Duration pause = options_.first_pause;
    absl::Time not_before = absl::InfinitePast();
    for (int tries = 1;; ++tries) {
      Attempt attempt = Try(body, texts.size(), not_before, deadline, trace_parent);
      if (attempt.vectors.ok()) return std::move(attempt.vectors);
      not_before = absl::Now() + pause;
      pause *= 2;
      if (!attempt.retry_may_help || tries == most_tries || not_before >= deadline)
        return Annotate(attempt.vectors.status(), Where());
    }
  }

 private:
  std::string Where() const { return Cat("embedding server at ", url_); }

  Attempt Try(const std::string& body, size_t count, absl::Time not_before, absl::Time deadline,
              const std::string& trace_parent) const {
    HttpRequest request = {.url = url_,
                           .headers = {"Content-Type: application/json", "Expect:"},
                           .body = body,
                           .not_before = not_before,
                           .deadline = deadline,
                           .max_response_bytes = kMostReplyBytes};
    if (!options_.key.empty())
      request.headers.push_back(Cat("Authorization: Bearer ", options_.key));
    if (!trace_parent.empty()) request.headers.push_back(Cat("traceparent: ", trace_parent));
    int status = 0;
    std::string reply;
    const HttpOutcome outcome = client_->Post(
        std::move(request), [&](const HttpResponseHead& head, std::string_view bytes) {
          status = head.status;
          reply += bytes;
          return absl::OkStatus();
        });
    if (!outcome.status.ok()) {
      return {.vectors = outcome.status, .retry_may_help = absl::IsUnavailable(outcome.status)};
    }
    // The head comes with the body's first bytes.
    if (status == 0) {
      return {.vectors = absl::UnavailableError("the reply has no body"), .retry_may_help = true};
    }
    if (status != 200) {
      const absl::Status failure =
          StatusOf(status, Cat("HTTP ", status, " ", WithoutKey(EmbeddingsErrorReason(reply))));
      return {.vectors = failure, .retry_may_help = absl::IsUnavailable(failure)};
    }
    return {.vectors = DecodeEmbeddings(reply, count, options_.dimension)};
  }

  std::string WithoutKey(const std::string& reason) const {
    return options_.key.empty() ? reason : ReplaceAll(reason, options_.key, "(key)");
  }

  HttpEmbedderOptions options_;
  std::string url_;
  std::unique_ptr<HttpClient> client_;
  mutable CircuitBreaker circuit_;
  std::string fingerprint_;
};

absl::StatusOr<std::unique_ptr<HttpEmbedder>> Open(const HttpEmbedderOptions& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  ASSIGN_OR_RETURN(std::string url, EmbeddingsUrl(options.url));
  ASSIGN_OR_RETURN(std::unique_ptr<HttpClient> client, HttpClient::Create());
  return std::make_unique<HttpEmbedder>(options, std::move(url), std::move(client));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> OpenHttpEmbedder(const HttpEmbedderOptions& options) {
  if (options.dimension == 0 || options.batch == 0 || options.requests == 0) {
    return absl::InvalidArgumentError(
        "embedding server: dimension, batch and requests are 1 or more");
  }
  ASSIGN_OR_RETURN(std::unique_ptr<HttpEmbedder> embedder, Open(options));
  return std::unique_ptr<Embedder>(std::move(embedder));
}

absl::StatusOr<size_t> AskDimension(const HttpEmbedderOptions& options) {
  HttpEmbedderOptions any = options;
  any.dimension = 0;
  ASSIGN_OR_RETURN(const std::unique_ptr<HttpEmbedder> embedder, Open(any));
  ASSIGN_OR_RETURN(const std::vector<float> vector,
                   embedder->Ask({"dimension"}, absl::Now() + absl::Seconds(30)));
  return vector.size();
}

absl::StatusOr<std::string> ReadEmbeddingKey(const std::string& file) {
  if (const char* key = std::getenv(kKeyVariable); key != nullptr)
    return std::string(StripAsciiSpace(key));
  if (file.empty()) return std::string();
  ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kMostKeyBytes));
  return std::string(StripAsciiSpace(content));
}

}  // namespace policykb
