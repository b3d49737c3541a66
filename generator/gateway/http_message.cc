#include "generator/gateway/http_message.h"

#include <strings.h>

#include <algorithm>
#include <utility>

#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::pair<int, std::string_view> kPhrases[] = {
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

void AppendValue(std::string& out, std::string_view value) {
  for (const char c : value) out += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? ' ' : c;
}

}  // namespace

bool SameName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view WebRequest::Header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [name](const HttpHeader& header) {
    return SameName(header.name, name);
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

size_t WebRequest::CountHeaders(std::string_view name) const {
  return static_cast<size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [name](const HttpHeader& header) { return SameName(header.name, name); }));
}

WebResponse MakeResponse(int code, std::string_view content_type, std::string body) {
  return {.code = code,
          .headers = {{"Content-Type", std::string(content_type)}},
          .body = std::move(body)};
}

std::string_view ReasonPhrase(int code) {
  for (const auto& [known, phrase] : kPhrases) {
    if (known == code) return phrase;
  }
  return {};
}

std::string ResponseHead(const WebResponse& response, std::string_view framing,
                         std::string_view date) {
  std::string head = Cat("HTTP/1.1 ", response.code, " ", ReasonPhrase(response.code), "\r\n");
  if (!date.empty()) head += Cat("Date: ", date, "\r\n");
  for (const HttpHeader& header : response.headers) {
    AppendValue(head, header.name);
    head += ": ";
    AppendValue(head, header.value);
    head += "\r\n";
  }
  head += framing;
  head += "\r\n";
  return head;
}

}  // namespace policykb
