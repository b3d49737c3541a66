#include "tests/testing/fake_chat_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

// How often a waiting thread looks whether the server stops.
constexpr int kPollMs = 20;

// Length of the body that the head announces.
size_t BodyLength(std::string_view head) {
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    const size_t at = head.find(name);
    if (at != std::string_view::npos) {
      return std::strtoul(std::string(head.substr(at + name.size(), 12)).c_str(), nullptr, 10);
    }
  }
  return 0;
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (c == '\n') {
      json += "\\n";
    } else {
      json += c;
    }
  }
  return json + "\"";
}

}  // namespace

std::string FakeFieldEvent(std::string_view field, std::string_view text) {
  return Cat("data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,",
             "\"delta\":{\"", field, "\":", JsonString(text), "},\"finish_reason\":null}]}\n\n");
}

std::string FakeTextEvent(std::string_view text) { return FakeFieldEvent("content", text); }

std::string FakeFinishEvents(std::string_view reason) {
  return Cat("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":", JsonString(reason),
             "}]}\n\ndata: [DONE]\n\n");
}

FakeReply FakeStream(const std::vector<std::string>& texts) {
  FakeReply reply;
  for (const std::string& text : texts) reply.pieces.push_back(FakeTextEvent(text));
  reply.pieces.push_back(FakeFinishEvents());
  return reply;
}

FakeReply FakeError(int status, std::string body) {
  return {.status = status, .content_type = "application/json", .pieces = {std::move(body)}};
}

FakeChatServer::FakeChatServer()
    : default_(FakeError(500, "{\"error\":\"no reply is scripted\"}")) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 512) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("fake chat server");
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

FakeChatServer::~FakeChatServer() {
  stopping_ = true;
  acceptor_.join();
  ::close(listener_);
  std::vector<std::thread> connections;
  {
    absl::MutexLock lock(&mutex_);
    connections.swap(connections_);
  }
  for (std::thread& connection : connections) connection.join();
}

std::string FakeChatServer::url() const { return Cat("http://127.0.0.1:", port_); }

void FakeChatServer::Enqueue(FakeReply reply) {
  absl::MutexLock lock(&mutex_);
  script_.push_back(std::move(reply));
}

void FakeChatServer::SetDefault(FakeReply reply) {
  absl::MutexLock lock(&mutex_);
  default_ = std::move(reply);
}

void FakeChatServer::SetResponder(std::function<FakeReply(const std::string& request)> responder) {
  absl::MutexLock lock(&mutex_);
  responder_ = std::move(responder);
}

std::vector<std::string> FakeChatServer::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

int FakeChatServer::connections() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(connections_.size());
}

std::vector<absl::Time> FakeChatServer::departures() const {
  absl::MutexLock lock(&mutex_);
  return departures_;
}

std::vector<FakeChatServer::Times> FakeChatServer::times() const {
  absl::MutexLock lock(&mutex_);
  return times_;
}

void FakeChatServer::Accept() {
  while (!stopping_) {
    pollfd waiting = {.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, kPollMs) <= 0) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    const int now = 1;
    ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &now, sizeof(now));
    absl::MutexLock lock(&mutex_);
    connections_.emplace_back([this, connection] { Serve(connection); });
  }
}

// False when the client has left or the server stops; true when it has sent something or the time
// is over.
bool FakeChatServer::WaitForClient(int connection, absl::Duration limit) const {
  const absl::Time until = absl::Now() + limit;
  while (!stopping_) {
    const int64_t left = absl::ToInt64Milliseconds(until - absl::Now());
    if (left < 0) return true;
    pollfd waiting = {.fd = connection, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(std::min<int64_t>(left, kPollMs))) > 0) {
      char byte = 0;
      return ::recv(connection, &byte, 1, MSG_PEEK) > 0;
    }
    if (left == 0) return true;
  }
  return false;
}

bool FakeChatServer::SendAll(int connection, std::string_view bytes) const {
  while (!bytes.empty()) {
    pollfd waiting = {.fd = connection, .events = POLLOUT, .revents = 0};
    while (::poll(&waiting, 1, kPollMs) <= 0) {
      if (stopping_) return false;
    }
    const ssize_t sent =
        ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool FakeChatServer::ReadRequest(int connection, std::string& request) const {
  for (;;) {
    const size_t end = request.find("\r\n\r\n");
    if (end != std::string::npos &&
        request.size() >= end + 4 + BodyLength(request.substr(0, end))) {
      return true;
    }
    char buffer[16384];
    if (!WaitForClient(connection, absl::Seconds(60))) return false;
    const ssize_t got = ::recv(connection, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got <= 0) return false;
    request.append(buffer, static_cast<size_t>(got));
  }
}

void FakeChatServer::Serve(int connection) {
  for (bool more = true; more;) {
    std::string request;
    if (!ReadRequest(connection, request)) break;
    FakeReply reply;
    size_t number = 0;
    std::function<FakeReply(const std::string&)> responder;
    {
      absl::MutexLock lock(&mutex_);
      number = requests_.size();
      requests_.push_back(request);
      responder = responder_;
      times_.push_back({.asked = absl::Now(), .last_sent = absl::InfinitePast()});
      reply = default_;
      if (!script_.empty()) {
        reply = std::move(script_.front());
        script_.pop_front();
      }
    }
    if (responder) reply = responder(request);
    const bool sent = Send(connection, reply, number);
    if (!sent && !stopping_) {
      absl::MutexLock lock(&mutex_);
      departures_.push_back(absl::Now());
    }
    more = sent && reply.keep_alive;
  }
  ::close(connection);
}

bool FakeChatServer::SendPiece(int connection, const FakeReply& reply, std::string_view piece,
                               size_t number) {
  if (reply.pause > absl::ZeroDuration() && !WaitForClient(connection, reply.pause)) return false;
  {
    absl::MutexLock lock(&mutex_);
    times_[number].last_sent = absl::Now();
  }
  if (!reply.keep_alive) return SendAll(connection, piece);
  char size[24];
  std::snprintf(size, sizeof(size), "%zx\r\n", piece.size());
  return piece.empty() || SendAll(connection, Cat(size, piece, "\r\n"));
}

bool FakeChatServer::Send(int connection, const FakeReply& reply, size_t number) {
  if (reply.head) {
    std::string head =
        Cat("HTTP/1.1 ", reply.status, " Scripted\r\nContent-Type: ", reply.content_type,
            reply.keep_alive ? "\r\nTransfer-Encoding: chunked\r\n" : "\r\nConnection: close\r\n");
    for (const std::string& header : reply.headers) head += Cat(header, "\r\n");
    if (!SendAll(connection, head + "\r\n")) return false;
  }
  for (const std::string& piece : reply.pieces) {
    if (!SendPiece(connection, reply, piece, number)) return false;
  }
  switch (reply.ending) {
    case FakeEnding::kClose:
      return !reply.keep_alive || SendAll(connection, "0\r\n\r\n");
    case FakeEnding::kHang:
      return WaitForClient(connection, absl::Hours(1));
    case FakeEnding::kRepeatLast:
      while (!stopping_ && !reply.pieces.empty()) {
        if (!SendPiece(connection, reply, reply.pieces.back(), number)) return false;
      }
      return false;
    case FakeEnding::kReset: {
      const linger now = {.l_onoff = 1, .l_linger = 0};
      ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
      return true;
    }
  }
  return false;
}

}  // namespace policykb
