// WebRequest and WebResponse: what goes over HTTP, without how.
//
// Plain values; a request is as it was sent, nothing in it is decoded or believed (http_target.h,
// caller.h). Not for sockets (http_server.h). Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_MESSAGE_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_MESSAGE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct WebRequest {
  std::string method;  // "GET"
  std::string target;  // "/v1/search?x=y"
  std::vector<HttpHeader> headers = {};
  std::string body = {};
  bool secure = false;                              // over TLS
  std::vector<std::string> certificate_names = {};  // of a verified client certificate

  // The value of the first header of that name in any case; empty where there is none.
  std::string_view Header(std::string_view name) const;
  // How many there are.
  size_t CountHeaders(std::string_view name) const;
};

struct WebResponse {
  int code = 200;
  std::vector<HttpHeader> headers = {};  // without those that say how long the body is
  std::string body = {};
  std::string_view fixed_body = {};  // instead of `body`; lives as long as the program
};

// A response with a body of this type.
WebResponse MakeResponse(int code, std::string_view content_type, std::string body);

// "Not Found"; empty for codes that we do not send.
std::string_view ReasonPhrase(int code);

// Whether two names of headers are the same, ASCII letters of either case.
bool SameName(std::string_view a, std::string_view b);

// Status line and headers up to and with the empty line. Control characters in values become
// spaces, so that no value begins another header. `framing` are whole lines that say how long the
// body is and whether the connection stays.
std::string ResponseHead(const WebResponse& response, std::string_view framing,
                         std::string_view date);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_MESSAGE_H_
