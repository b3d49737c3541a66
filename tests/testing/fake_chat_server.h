// FakeChatServer: a scripted OpenAI-compatible server on a real socket of 127.0.0.1.
//
// For tests and benchmarks of everything that talks to a chat model. Each request takes the next
// scripted reply, or the default one when the script is used up; replies may be wrong in every way
// that a server can be. A thread for each connection. Any thread.

#ifndef POLICYKB_TESTS_TESTING_FAKE_CHAT_SERVER_H_
#define POLICYKB_TESTS_TESTING_FAKE_CHAT_SERVER_H_

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace policykb {

// What the server does once the pieces are sent.
enum class FakeEnding {
  kClose,       // closes the connection
  kHang,        // sends nothing more and keeps the connection until the client leaves
  kRepeatLast,  // sends the last piece again and again until the client leaves
  kReset,       // closes with a reset
};

struct FakeReply {
  int status = 200;
  std::string content_type = "text/event-stream";
  std::vector<std::string> headers = {};        // "Name: value"
  std::vector<std::string> pieces = {};         // of the body, each sent by itself
  absl::Duration pause = absl::ZeroDuration();  // before each piece
  FakeEnding ending = FakeEnding::kClose;
  bool head = true;         // false: the pieces are all that is sent, status line included
  bool keep_alive = false;  // chunks, and the next request on the same connection
};

// One stream event as DeepSeek sends it, with content of `text`.
std::string FakeTextEvent(std::string_view text);
// The same with text in `field`, for example reasoning_content.
std::string FakeFieldEvent(std::string_view field, std::string_view text);
// finish_reason of that name, then the end mark of the stream.
std::string FakeFinishEvents(std::string_view reason = "stop");

// A whole, well-formed streamed reply of these texts.
FakeReply FakeStream(const std::vector<std::string>& texts);
// An error reply with a JSON body.
FakeReply FakeError(int status, std::string body);

class FakeChatServer {
 public:
  // Listens on a free port.
  FakeChatServer();
  // Closes all connections.
  ~FakeChatServer();
  FakeChatServer(const FakeChatServer&) = delete;
  FakeChatServer& operator=(const FakeChatServer&) = delete;

  // Base URL without /v1.
  std::string url() const;
  void Enqueue(FakeReply reply);
  // Sent when the script is used up; at first a 500.
  void SetDefault(FakeReply reply);
  // Makes the reply of every request from the request, head and body, in place of script and
  // default; called from any thread, several at once.
  void SetResponder(std::function<FakeReply(const std::string& request)> responder);
  // Requests so far, head and body, in the order of their arrival.
  std::vector<std::string> requests() const;
  // Connections accepted so far.
  int connections() const;
  // When clients left before they were sent everything.
  std::vector<absl::Time> departures() const;
  // When each request was there, and when the last piece of its reply was sent so far; the same
  // order as requests().
  struct Times {
    absl::Time asked;
    absl::Time last_sent;
  };
  std::vector<Times> times() const;

 private:
  void Accept();
  void Serve(int connection);
  // False when the client left.
  bool ReadRequest(int connection, std::string& request) const;
  bool Send(int connection, const FakeReply& reply, size_t number);
  bool SendPiece(int connection, const FakeReply& reply, std::string_view piece, size_t number);
  bool SendAll(int connection, std::string_view bytes) const;
  bool WaitForClient(int connection, absl::Duration limit) const;

  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable absl::Mutex mutex_;
  std::deque<FakeReply> script_ ABSL_GUARDED_BY(mutex_);
  FakeReply default_ ABSL_GUARDED_BY(mutex_);
  std::function<FakeReply(const std::string&)> responder_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<Times> times_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Time> departures_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> connections_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_FAKE_CHAT_SERVER_H_
