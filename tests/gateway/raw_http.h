// RawHttp: a client of HTTP that sends exactly the bytes that a test says.
//
// Over a socket of its own to a server on this machine, with a limit of ten seconds for each wait.
// One thread.

#ifndef POLICYKB_TESTS_GATEWAY_RAW_HTTP_H_
#define POLICYKB_TESTS_GATEWAY_RAW_HTTP_H_

#include <string>
#include <string_view>

namespace policykb {

struct RawResponse {
  int code = 0;      // 0: the connection was closed before a whole response
  std::string head;  // status line and headers
  std::string body;  // without chunks' framing

  // The value of the first header of that name, written as the server writes it; empty without.
  std::string Header(std::string_view name) const;
};

class RawHttp {
 public:
  // `address` is 127.0.0.1:port.
  explicit RawHttp(const std::string& address);
  ~RawHttp();
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  void Send(std::string_view bytes);
  // The next response, whole. `without_body`: that of a HEAD.
  RawResponse Receive(bool without_body = false);
  // Bytes up to and with the first `end` that come; what came until the close where none does.
  std::string ReceiveUntil(std::string_view end);
  // True when the server closes the connection within ten seconds without another byte.
  bool IsClosed();
  void Close();
  // The client says no more, but listens.
  void CloseSending();

 private:
  bool ReadMore();

  int fd_;
  std::string received_;
};

// One request on a connection of its own. Headers are whole lines.
RawResponse Fetch(const std::string& address, std::string_view verb, std::string_view target,
                  std::string_view headers = "", std::string_view body = "");

}  // namespace policykb

#endif  // POLICYKB_TESTS_GATEWAY_RAW_HTTP_H_
