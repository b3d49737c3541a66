#include "core/http/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <list>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// How long a wait may last while calls are under way before their callers are asked whether to go
// on.
constexpr absl::Duration kPollInterval = absl::Milliseconds(20);
constexpr int kIdlePollMs = 60'000;
// Connections kept for later calls.
constexpr long kMaxIdleConnections = 64;

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

// One call, from Start to its outcome.
struct Transfer {
  HttpRequest request = {};
  HttpBodySink on_body = {};
  HttpDone on_done = {};
  std::unique_ptr<curl_slist, ListDelete> headers = {};
  std::unique_ptr<CURLU, UrlDelete> url = {};
  std::unique_ptr<CURL, EasyDelete> easy = {};  // goes first, as it refers to the two above
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

int ResponseCode(const Transfer& transfer) {
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
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
  transfer.head.status = ResponseCode(transfer);
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

HttpProgress ProgressOf(const Transfer& transfer) {
  if (transfer.got_response) return HttpProgress::kResponse;
  long sent = 0;
  if (transfer.easy) curl_easy_getinfo(transfer.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
  return sent > 0 ? HttpProgress::kNoResponse : HttpProgress::kNotConnected;
}

// Makes the handles of a transfer, which stays at its place in memory.
absl::Status Prepare(const HttpClientOptions& options, Transfer& transfer) {
  const HttpRequest& request = transfer.request;
  transfer.url.reset(curl_url());
  transfer.easy.reset(curl_easy_init());
  CURL* const easy = transfer.easy.get();
  if (!transfer.url || easy == nullptr) return absl::InternalError("libcurl: out of memory");
  if (curl_url_set(transfer.url.get(), CURLUPART_URL, request.url.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError(Cat("\"", request.url, "\" is no URL"));
  }
  for (const std::string& header : request.headers) {
    curl_slist* longer = curl_slist_append(transfer.headers.get(), header.c_str());
    if (longer == nullptr) return absl::InternalError("libcurl: out of memory");
    (void)transfer.headers.release();
    transfer.headers.reset(longer);
  }
  curl_easy_setopt(easy, CURLOPT_CURLU, transfer.url.get());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Streams of many servers cannot share one HTTP/2 connection's window; plain 1.1 is what local
  // model servers speak.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  if (IsLoopback(transfer.url.get())) {
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  } else if (!options.proxy.empty()) {
    curl_easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
  }
  return absl::OkStatus();
}

}  // namespace

// The thread and all calls it waits for.
class HttpClient::Loop {
 public:
  Loop(HttpClientOptions options, std::unique_ptr<CURLM, MultiDelete> multi)
      : options_(std::move(options)), multi_(std::move(multi)) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
    thread_ = std::thread([this] { Run(); });
  }

  ~Loop() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
  }

  void Start(std::unique_ptr<Transfer> transfer) {
    {
      absl::MutexLock lock(&mutex_);
      started_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_.get());
  }

 private:
  using Transfers = std::list<std::unique_ptr<Transfer>>;

  void Run() {
    for (;;) {
      bool stopping = false;
      {
        absl::MutexLock lock(&mutex_);
        waiting_.splice(waiting_.end(), started_);
        stopping = stopping_;
      }
      if (stopping) {
        const absl::Status status = absl::CancelledError("the HTTP client ends");
        while (!active_.empty()) Finish(active_, active_.begin(), status);
        while (!waiting_.empty()) Finish(waiting_, waiting_.begin(), status);
        absl::MutexLock lock(&mutex_);
        if (started_.empty()) return;
        continue;
      }
      Begin();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      TakeOutcomes();
      EndWhatIsOver(active_);
      EndWhatIsOver(waiting_);
      curl_multi_poll(multi_.get(), nullptr, 0, PollMs(), nullptr);
    }
  }

  // Begins the calls whose time has come.
  void Begin() {
    const absl::Time now = absl::Now();
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      const auto next = std::next(it);
      Transfer& transfer = **it;
      if (transfer.request.not_before <= now) {
        absl::Status status = CheckGoingOn(transfer.request);
        if (status.ok()) status = Prepare(options_, transfer);
        if (status.ok() && curl_multi_add_handle(multi_.get(), transfer.easy.get()) != CURLM_OK) {
          status = absl::InternalError("libcurl: the transfer cannot be started");
        }
        if (status.ok()) {
          active_.splice(active_.end(), waiting_, it);
        } else {
          Finish(waiting_, it, status);
        }
      }
      it = next;
    }
  }

  void TakeOutcomes() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode result = message->data.result;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      absl::Status status = transfer->status;
      if (status.ok() && result != CURLE_OK) {
        status = absl::UnavailableError(curl_easy_strerror(result));
      }
      if (status.ok() && transfer->received == 0) {
        transfer->head.status = ResponseCode(*transfer);
        status = transfer->on_body(transfer->head, {});
      }
      const auto it = std::find_if(active_.begin(), active_.end(),
                                   [&](const auto& one) { return one.get() == transfer; });
      Finish(active_, it, status);
    }
  }

  void EndWhatIsOver(Transfers& transfers) {
    for (auto it = transfers.begin(); it != transfers.end();) {
      const auto next = std::next(it);
      absl::Status status = CheckGoingOn((*it)->request);
      if (!status.ok()) Finish(transfers, it, status);
      it = next;
    }
  }

  void Finish(Transfers& transfers, Transfers::iterator it, const absl::Status& status) {
    const std::unique_ptr<Transfer> transfer = std::move(*it);
    transfers.erase(it);
    const HttpOutcome outcome{.status = status, .progress = ProgressOf(*transfer)};
    if (transfer->easy) curl_multi_remove_handle(multi_.get(), transfer->easy.get());
    transfer->on_done(outcome);
  }

  int PollMs() {
    if (active_.empty() && waiting_.empty()) return kIdlePollMs;
    absl::Duration wait = kPollInterval;
    const absl::Time now = absl::Now();
    for (const Transfers* transfers : {&active_, &waiting_}) {
      for (const auto& transfer : *transfers) {
        wait = std::min(wait, transfer->request.deadline - now);
        if (transfers == &waiting_) wait = std::min(wait, transfer->request.not_before - now);
      }
    }
    return static_cast<int>(std::max<int64_t>(1, absl::ToInt64Milliseconds(wait) + 1));
  }

  const HttpClientOptions options_;
  const std::unique_ptr<CURLM, MultiDelete> multi_;
  absl::Mutex mutex_;
  Transfers started_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the thread alone.
  Transfers waiting_;
  Transfers active_;
  std::thread thread_;
};

HttpClient::HttpClient(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
HttpClient::~HttpClient() = default;

absl::StatusOr<std::unique_ptr<HttpClient>> HttpClient::Create(HttpClientOptions options) {
  StartCurlOnce();
  if (!options.proxy.empty()) {
    const std::unique_ptr<CURLU, UrlDelete> url(curl_url());
    if (!url || curl_url_set(url.get(), CURLUPART_URL, options.proxy.c_str(),
                             CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
      // A proxy may be named with a password; it is not repeated.
      return absl::InvalidArgumentError("proxy: expected [http://]HOST:PORT");
    }
  }
  if (!options.ca_file.empty()) {
    constexpr uint64_t kMaxCaBytes = 16 << 20;
    const absl::StatusOr<std::string> pem = ReadFile(options.ca_file, kMaxCaBytes);
    if (!pem.ok()) return pem.status();
    if (pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
      return absl::NotFoundError(Cat(options.ca_file, ": holds no certificate in PEM form"));
    }
  }
  std::unique_ptr<CURLM, MultiDelete> multi(curl_multi_init());
  if (!multi) return absl::InternalError("libcurl: out of memory");
  return std::unique_ptr<HttpClient>(
      new HttpClient(std::make_unique<Loop>(std::move(options), std::move(multi))));
}

void HttpClient::Start(HttpRequest request, HttpBodySink on_body, HttpDone on_done) {
  auto transfer = std::make_unique<Transfer>();
  transfer->request = std::move(request);
  transfer->on_body = std::move(on_body);
  transfer->on_done = std::move(on_done);
  loop_->Start(std::move(transfer));
}

HttpOutcome HttpClient::Post(HttpRequest request, const HttpBodySink& on_body) {
  HttpOutcome outcome;
  absl::Notification done;
  Start(std::move(request), on_body, [&](const HttpOutcome& told) {
    outcome = told;
    done.Notify();
  });
  done.WaitForNotification();
  return outcome;
}

HttpOutcome HttpPost(const HttpRequest& request, const HttpBodySink& on_body) {
  const absl::StatusOr<std::unique_ptr<HttpClient>> client = HttpClient::Create();
  if (!client.ok()) return {.status = client.status()};
  return (*client)->Post(request, on_body);
}

}  // namespace policykb
