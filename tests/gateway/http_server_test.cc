#include "generator/gateway/http_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "tests/gateway/raw_http.h"

namespace policykb {
namespace {

// As the threads of gRPC do with what waits for their answers. ThreadSanitizer and
// AddressSanitizer see whether anything is used behind its end.
TEST(HttpServerTest, AnotherThreadMayLetGoOfTheLastExchangeWhileTheServerEnds) {
  for (int round = 0; round < 300; ++round) {
    std::shared_ptr<HttpExchange> kept;
    absl::Notification asked;
    auto server = HttpServer::Start({}, [&](WebRequest, std::shared_ptr<HttpExchange> exchange) {
      kept = std::move(exchange);
      asked.Notify();
    });
    ASSERT_TRUE(server.ok()) << server.status();
    RawHttp client((*server)->address());
    client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    asked.WaitForNotification();
    std::thread answering([&kept] {
      kept->Reply({.code = 204});
      kept.reset();
    });
    EXPECT_EQ(client.Receive().code, 204);
    client.Close();
    server->reset();
    answering.join();
  }
}

}  // namespace
}  // namespace policykb
