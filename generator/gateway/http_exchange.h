// HttpExchange: a request's way to its response.
//
// A handler answers with one whole response, or with a stream that it writes piece by piece as the
// client takes them. One that is let go without either is answered by the server as our own fault.
// Not for what is answered. Any thread; what is posted, and all that is called back, runs one after
// the other on threads of the server and must not block.

#ifndef POLICYKB_GENERATOR_GATEWAY_HTTP_EXCHANGE_H_
#define POLICYKB_GENERATOR_GATEWAY_HTTP_EXCHANGE_H_

#include <functional>
#include <memory>
#include <string>

#include "generator/gateway/http_message.h"

namespace policykb {

class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  // The whole response. Nothing is called on the exchange after it but Post.
  virtual void Reply(WebResponse response) = 0;

  // Begins a stream with these headers; its body is what is written. While nothing is written for
  // a while, comments of server-sent events keep it alive.
  virtual void Begin(WebResponse head) = 0;
  // `done` is called once: with true when the client's side has taken the bytes and more may be
  // written, with false when it is gone. One piece at a time.
  virtual void Write(std::string bytes, std::function<void(bool sent)> done) = 0;
  // Ends a stream that was begun.
  virtual void End() = 0;

  virtual void Post(std::function<void()> work) = 0;
  // `gone` is called at most once: as soon as the client is seen to have gone away before the
  // response was whole, at once where it already has. One function; let go with the exchange's end.
  virtual void WhenGone(std::function<void()> gone) = 0;
};

// Takes each request. Is called on threads of the server and must not block.
using HttpHandler = std::function<void(WebRequest request, std::shared_ptr<HttpExchange> exchange)>;

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_HTTP_EXCHANGE_H_
