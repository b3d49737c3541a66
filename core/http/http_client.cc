#include "core/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "core/base/strings.h"

namespace policykb {
namespace {

// How long a wait may last before the caller is asked whether to go on.
constexpr absl::Duration kPollInterval = absl::Milliseconds(50);

// Started once for the process; libcurl demands it before any other thread uses it.
struct CurlGlobal {
  CurlGlobal() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

void StartCurlOnce() {
  static const CurlGlobal global;
  (void)global;
}

struct EasyDelete {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiDelete {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlDelete {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// State of one call that libcurl's callbacks write to.
struct Transfer {
  const HttpRequest& request;
  const HttpBodySink& on_body;
  CURL* easy = nullptr;
  HttpResponseHead head = {};
  size_t received = 0;
  bool got_response = false;
  absl::Status status = {};
};

size_t OnHeader(char* bytes, size_t size, size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(bytes, size * count);
  if (line.starts_with("HTTP/")) {
    transfer.got_response = true;
    transfer.head = {};
    return line.size();
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  const std::string name = ToLower(line.substr(0, colon));
  const std::string_view value = StripAsciiSpace(line.substr(colon + 1));
  if (name == "content-type") {
    transfer.head.content_type = ToLower(StripAsciiSpace(value.substr(0, value.find(';'))));
  } else if (name == "retry-after") {
    transfer.head.retry_after = std::string(value);
  }
  return line.size();
}

size_t OnBody(char* bytes, size_t size, size_t count, void* user) {
  Transfer& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(bytes, size * count);
  transfer.received += piece.size();
  if (transfer.received > transfer.request.max_response_bytes) {
    transfer.status = absl::ResourceExhaustedError(
        Cat("response is longer than ", transfer.request.max_response_bytes, " bytes"));
    return 0;
  }
  long status = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
  transfer.head.status = static_cast<int>(status);
  transfer.status = transfer.on_body(transfer.head, piece);
  // Another count than was given ends the transfer.
  return transfer.status.ok() ? piece.size() : 0;
}

absl::Status CheckGoingOn(const HttpRequest& request) {
  if (request.cancelled && request.cancelled()) return absl::CancelledError("cancelled");
  if (absl::Now() >= request.deadline) {
    return absl::DeadlineExceededError("no whole response before the deadline");
  }
  return absl::OkStatus();
}

// True when the URL's host is this machine.
bool IsLoopback(CURLU* url) {
  char* raw_host = nullptr;
  if (curl_url_get(url, CURLUPART_HOST, &raw_host, 0) != CURLUE_OK) return false;
  const std::unique_ptr<char, decltype(&curl_free)> host(raw_host, &curl_free);
  const std::string_view name = host.get();
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

absl::Status RunTransfer(Transfer& transfer, CURLM* multi) {
  int running = 1;
  while (running > 0) {
    if (const CURLMcode code = curl_multi_perform(multi, &running); code != CURLM_OK) {
      return absl::InternalError(Cat("libcurl: ", curl_multi_strerror(code)));
    }
    // An answer that is whole counts, whatever the time; before that the caller and the clock
    // decide.
    if (running == 0) break;
    if (absl::Status status = CheckGoingOn(transfer.request); !status.ok()) return status;
    const absl::Duration wait =
        std::min(kPollInterval, transfer.request.deadline - absl::Now() + absl::Milliseconds(1));
    const int wait_ms = static_cast<int>(std::max<int64_t>(1, absl::ToInt64Milliseconds(wait)));
    curl_multi_poll(multi, nullptr, 0, wait_ms, nullptr);
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    if (!transfer.status.ok()) return transfer.status;
    if (message->data.result == CURLE_OK) return absl::OkStatus();
    return absl::UnavailableError(curl_easy_strerror(message->data.result));
  }
  return absl::InternalError("libcurl: a finished transfer without an outcome");
}

}  // namespace

HttpOutcome HttpPost(const HttpRequest& request, const HttpBodySink& on_body) {
  StartCurlOnce();
  if (absl::Status status = CheckGoingOn(request); !status.ok()) return {.status = status};
  const std::unique_ptr<CURLU, UrlDelete> url(curl_url());
  const std::unique_ptr<CURL, EasyDelete> easy(curl_easy_init());
  const std::unique_ptr<CURLM, MultiDelete> multi(curl_multi_init());
  if (!url || !easy || !multi) return {.status = absl::InternalError("libcurl: out of memory")};
  if (curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK) {
    return {.status = absl::InvalidArgumentError(Cat("\"", request.url, "\" is no URL"))};
  }
  std::unique_ptr<curl_slist, ListDelete> headers;
  for (const std::string& header : request.headers) {
    curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
    if (longer == nullptr) return {.status = absl::InternalError("libcurl: out of memory")};
    (void)headers.release();
    headers.reset(longer);
  }

  Transfer transfer{.request = request, .on_body = on_body, .easy = easy.get()};
  CURL* handle = easy.get();
  curl_easy_setopt(handle, CURLOPT_CURLU, url.get());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_POST, 1L);
  curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  if (IsLoopback(url.get())) curl_easy_setopt(handle, CURLOPT_PROXY, "");
  if (curl_multi_add_handle(multi.get(), handle) != CURLM_OK) {
    return {.status = absl::InternalError("libcurl: the transfer cannot be started")};
  }
  HttpOutcome outcome;
  outcome.status = RunTransfer(transfer, multi.get());
  curl_multi_remove_handle(multi.get(), handle);
  long connects = 0;
  curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connects);
  if (transfer.got_response) {
    outcome.progress = HttpProgress::kResponse;
  } else if (connects > 0) {
    outcome.progress = HttpProgress::kNoResponse;
  }
  if (outcome.status.ok() && transfer.received == 0) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    transfer.head.status = static_cast<int>(status);
    outcome.status = on_body(transfer.head, {});
  }
  return outcome;
}

}  // namespace policykb
