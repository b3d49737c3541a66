#include "tests/gateway/raw_http.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "core/base/strings.h"

namespace policykb {

std::string RawResponse::Header(std::string_view name) const {
  const std::string mark = Cat("\r\n", name, ": ");
  const size_t at = head.find(mark);
  if (at == std::string::npos) return "";
  const size_t begin = at + mark.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

RawHttp::RawHttp(const std::string& address) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval limit = {.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  sockaddr_in peer = {};
  peer.sin_family = AF_INET;
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  peer.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)), 0) << address;
}

RawHttp::~RawHttp() { Close(); }

void RawHttp::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void RawHttp::CloseSending() { ::shutdown(fd_, SHUT_WR); }

void RawHttp::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The server may have said what there is to say and closed.
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

bool RawHttp::ReadMore() {
  std::array<char, 4096> buffer;
  const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<size_t>(size));
  return true;
}

std::string RawHttp::ReceiveUntil(std::string_view end) {
  while (received_.find(end) == std::string::npos) {
    if (!ReadMore()) return std::exchange(received_, "");
  }
  const size_t size = received_.find(end) + end.size();
  std::string found = received_.substr(0, size);
  received_.erase(0, size);
  return found;
}

bool RawHttp::IsClosed() {
  char byte;
  return received_.empty() && ::recv(fd_, &byte, 1, 0) == 0;
}

RawResponse RawHttp::Receive(bool without_body) {
  RawResponse response;
  response.head = ReceiveUntil("\r\n\r\n");
  if (!response.head.starts_with("HTTP/1.1 ")) return response;
  const int code = std::atoi(response.head.c_str() + 9);
  if (without_body || code == 304 || code == 204 || code == 100) {
    response.code = code;
    return response;
  }
  if (response.Header("Transfer-Encoding") == "chunked") {
    for (;;) {
      const std::string size_line = ReceiveUntil("\r\n");
      if (!size_line.ends_with("\r\n")) return response;
      const size_t size = std::strtoul(size_line.c_str(), nullptr, 16);
      while (received_.size() < size + 2) {
        if (!ReadMore()) return response;
      }
      response.body += received_.substr(0, size);
      received_.erase(0, size + 2);
      if (size == 0) break;
    }
  } else {
    const std::string length = response.Header("Content-Length");
    const size_t size = length.empty() ? std::string::npos : std::stoul(length);
    while (received_.size() < size) {
      if (ReadMore()) continue;
      if (length.empty()) break;
      return response;
    }
    response.body = received_.substr(0, size);
    received_.erase(0, size);
  }
  response.code = code;
  return response;
}

RawResponse Fetch(const std::string& address, std::string_view verb, std::string_view target,
                  std::string_view headers, std::string_view body) {
  RawHttp client(address);
  const std::string length =
      body.empty() && verb == "GET" ? "" : Cat("Content-Length: ", body.size(), "\r\n");
  client.Send(Cat(verb, " ", target, " HTTP/1.1\r\nHost: ", address, "\r\n", length, headers,
                  "\r\n", body));
  return client.Receive(verb == "HEAD");
}

}  // namespace policykb
