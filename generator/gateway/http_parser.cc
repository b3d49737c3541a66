#include "generator/gateway/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>
#include <utility>

#include "core/base/strings.h"

namespace policykb {

namespace http = boost::beast::http;

struct HttpParser::Beast {
  std::optional<http::request_parser<http::string_body>> parser;

  void Reset(size_t header_bytes, size_t body_bytes) {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(header_bytes));
    parser->body_limit(body_bytes);
    parser->eager(true);
  }
  const http::request<http::string_body>& message() const { return parser->get(); }
};

HttpParser::HttpParser(size_t header_bytes, size_t body_bytes)
    : header_bytes_(header_bytes), body_bytes_(body_bytes), beast_(std::make_unique<Beast>()) {
  beast_->Reset(header_bytes_, body_bytes_);
}

HttpParser::~HttpParser() = default;

void HttpParser::Fail(int code, std::string_view message) {
  state_ = State::kFailed;
  error_code_ = code;
  error_ = message;
}

void HttpParser::CheckHeader() {
  const auto& message = beast_->message();
  if (message.version() != 10 && message.version() != 11)
    return Fail(505, "HTTP version: expected 1.0 or 1.1");
  const size_t hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() == 11))
    return Fail(400, "header Host: expected one");
  if (message.count(http::field::content_length) > 1)
    return Fail(400, "header Content-Length: more than one");
  if (message.count(http::field::transfer_encoding) > 0 && !message.chunked())
    return Fail(400, "header Transfer-Encoding: expected chunked");
  const auto expect = message[http::field::expect];
  if (!expect.empty() && !SameName({expect.data(), expect.size()}, "100-continue"))
    return Fail(417, "header Expect: expected 100-continue");
}

size_t HttpParser::Feed(std::string_view bytes) {
  size_t taken = 0;
  while (taken < bytes.size() && (state_ == State::kHeader || state_ == State::kBody)) {
    boost::system::error_code error;
    const size_t used = beast_->parser->put(
        boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += used;
    if (state_ == State::kHeader && beast_->parser->is_header_done()) {
      state_ = State::kBody;
      CheckHeader();
      if (state_ == State::kFailed) return taken;
    }
    if (beast_->parser->is_done()) {
      state_ = State::kDone;
    } else if (error == http::error::need_more || (!error && used == 0)) {
      return taken;
    } else if (error == http::error::header_limit) {
      Fail(431, "header: too large");
    } else if (error == http::error::body_limit) {
      Fail(413, "body: too large");
    } else if (error == http::error::bad_version) {
      Fail(505, "HTTP version: expected 1.0 or 1.1");
    } else if (error) {
      Fail(400, "request: no HTTP/1.1");
    }
  }
  return taken;
}

bool HttpParser::wants_continue() const {
  return beast_->message().count(http::field::expect) > 0 && !is_http_10();
}

bool HttpParser::keep_alive() const { return beast_->message().keep_alive(); }

bool HttpParser::is_http_10() const { return beast_->message().version() == 10; }

WebRequest HttpParser::Take() {
  http::request<http::string_body> message = beast_->parser->release();
  WebRequest request{.method = std::string(message.method_string()),
                     .target = std::string(message.target()),
                     .body = std::move(message.body())};
  for (const auto& field : message)
    request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  beast_->Reset(header_bytes_, body_bytes_);
  state_ = State::kHeader;
  return request;
}

}  // namespace policykb
