// HttpGet: the whole response of one GET from a server on this machine.
//
// For tests of what is served over HTTP. Any thread.

#ifndef POLICYKB_TESTS_TESTING_HTTP_GET_H_
#define POLICYKB_TESTS_TESTING_HTTP_GET_H_

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "core/base/strings.h"

namespace policykb {

// Status line, headers and body; empty when nobody answers. `address` is 127.0.0.1:port.
inline std::string HttpGet(const std::string& address, const std::string& path) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in peer = {};
  peer.sin_family = AF_INET;
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  peer.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
  EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)), 0) << address;
  const std::string request =
      Cat("GET ", path, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(::send(fd, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string response;
  std::array<char, 4096> buffer;
  for (ssize_t size = 0; (size = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;)
    response.append(buffer.data(), static_cast<size_t>(size));
  ::close(fd);
  return response;
}

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_HTTP_GET_H_
