// HttpParser: bytes of a connection -> one request.
//
// Strict: a request that could be read in two ways (two lengths, a length beside chunks, bare line
// ends, white space before a colon) is none. Not for what the target means (http_target.h). One
// thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_PARSER_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_PARSER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "generator/gateway/http_message.h"

namespace policykb {

class HttpParser {
 public:
  enum class State {
    kHeader,  // not all of the header is there
    kBody,    // not all of the body is there
    kDone,
    kFailed,  // error_code() and error() say why
  };

  // Takes headers and bodies of up to so many bytes.
  HttpParser(size_t header_bytes, size_t body_bytes);
  ~HttpParser();

  // Takes what it can of `bytes`, which begin with all that was not taken before; how many it took.
  // Takes none after kDone or kFailed.
  size_t Feed(std::string_view bytes);

  State state() const { return state_; }
  // HTTP code that tells the client: 400, 413, 417, 431 or 505.
  int error_code() const { return error_code_; }
  std::string_view error() const { return error_; }

  // REQUIRES of all: state() is kBody or kDone.
  bool wants_continue() const;  // waits for "100 Continue" before it sends the body
  bool keep_alive() const;
  bool is_http_10() const;

  // The request; the next one is expected from now on. REQUIRES: kDone.
  WebRequest Take();

 private:
  struct Beast;

  void Fail(int code, std::string_view message);
  void CheckHeader();

  const size_t header_bytes_;
  const size_t body_bytes_;
  std::unique_ptr<Beast> beast_;
  State state_ = State::kHeader;
  int error_code_ = 0;
  std::string_view error_;  // a literal
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_PARSER_H_
