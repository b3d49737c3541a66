// TLS: certificates of clients, of strangers, and files that change while the gateway serves.

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"
#include "tests/testing/certificates.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class GatewayTlsTest : public testing::Test {
 protected:
  GatewayTlsTest() {
    WriteUnsynced(folder_ / "ca.pem", authority_.certificate());
    Write("server", authority_.Issue({"IP:127.0.0.1"}));
    Write("hall", authority_.Issue({"DNS:hall-3.example", "URI:spiffe://hall/3"}));
    Write("unknown", authority_.Issue({"DNS:other.example"}));
    Write("stranger", stranger_.Issue({"DNS:hall-3.example"}));
    upstream_ = std::make_unique<FakeUpstream>(FakeUpstreamOptions{
        .access_toml = "labels = ['public']\n[[principal]]\nname = 'hall'\nroles = ['kiosk']\n"
                       "labels = ['public']\ncertificates = ['hall-3.example']\n",
        .limits = {.header_time = absl::Milliseconds(800)},
        .tls = {.certificate_file = folder_ / "server.pem",
                .key_file = folder_ / "server.key",
                .client_ca_file = folder_ / "ca.pem"}});
  }

  void Write(const std::string& name, const CertificateAndKey& pair) {
    WriteUnsynced(folder_ / (name + ".pem"), pair.certificate);
    WriteUnsynced(folder_ / (name + ".key"), pair.key);
  }

  // The whole response, to a client with this certificate; empty where TLS fails.
  std::string Ask(const std::string& name, int version = TLS1_3_VERSION) {
    const std::string address = upstream_->address();
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in peer = {};
    peer.sin_family = AF_INET;
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)), 0);
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                               SSL_CTX_free);
    SSL_CTX_load_verify_locations(context.get(), (folder_ / "ca.pem").c_str(), nullptr);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context.get(), version);
    if (!name.empty()) {
      SSL_CTX_use_certificate_file(context.get(), (folder_ / (name + ".pem")).c_str(),
                                   SSL_FILETYPE_PEM);
      SSL_CTX_use_PrivateKey_file(context.get(), (folder_ / (name + ".key")).c_str(),
                                  SSL_FILETYPE_PEM);
    }
    const std::unique_ptr<SSL, void (*)(SSL*)> tls(SSL_new(context.get()), SSL_free);
    SSL_set_fd(tls.get(), fd);
    std::string response;
    if (SSL_connect(tls.get()) == 1) {
      const std::string request =
          "POST /v1/search HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 13\r\n\r\n"
          R"({"query":"a"})";
      SSL_write(tls.get(), request.data(), static_cast<int>(request.size()));
      char buffer[4096];
      for (int size = 0; (size = SSL_read(tls.get(), buffer, sizeof(buffer))) > 0;)
        response.append(buffer, static_cast<size_t>(size));
      ended_ = SSL_get_shutdown(tls.get()) & SSL_RECEIVED_SHUTDOWN;
      SSL_shutdown(tls.get());
    }
    ::close(fd);
    return response;
  }

  TempFolder folder_;
  CertificateAuthority authority_;
  CertificateAuthority stranger_;
  std::unique_ptr<FakeUpstream> upstream_;
  int ended_ = 0;  // whether the last connection was ended by TLS, not cut off
};

TEST_F(GatewayTlsTest, ACertificateSaysWhoCalls) {
  EXPECT_THAT(Ask("hall"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_NE(ended_, 0);
  EXPECT_EQ(upstream_->seen().Last().caller, "hall");
  EXPECT_THAT(Ask("hall", TLS1_2_VERSION), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(GatewayTlsTest, WhoShowsNoneOrAnUnknownOneIsAskedForAKey) {
  EXPECT_THAT(Ask(""), StartsWith("HTTP/1.1 401 "));
  EXPECT_THAT(Ask("unknown"), StartsWith("HTTP/1.1 401 "));
}

TEST_F(GatewayTlsTest, ACertificateOfAnotherAuthorityEndsTheConnection) {
  EXPECT_THAT(Ask("stranger"), IsEmpty());
  EXPECT_THAT(Ask("hall", TLS1_1_VERSION), IsEmpty());
  EXPECT_THAT(Ask("hall"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(GatewayTlsTest, WhoDoesNotBeginTlsIsLeft) {
  RawHttp silent(upstream_->address());
  EXPECT_TRUE(silent.IsClosed());
  RawHttp plain(upstream_->address());
  plain.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(plain.Receive().code, 0);
}

TEST_F(GatewayTlsTest, FilesAreReadAgainAndWrongOnesAreNot) {
  // A key of another certificate: what was served is served on.
  WriteUnsynced(folder_ / "server.key", stranger_.Issue({"IP:127.0.0.1"}).key);
  absl::SleepFor(absl::Milliseconds(100));
  EXPECT_THAT(Ask("hall"), StartsWith("HTTP/1.1 200 OK\r\n"));
  // A pair that this client does not trust.
  Write("server", stranger_.Issue({"IP:127.0.0.1"}));
  while (!Ask("hall").empty()) absl::SleepFor(absl::Milliseconds(10));
}

TEST_F(GatewayTlsTest, AStopCutsOffWhoHasNotBegun) {
  RawHttp silent(upstream_->address());
  while (upstream_->server().connections() == 0) absl::SleepFor(absl::Milliseconds(1));
  const absl::Time began = absl::Now();
  upstream_->server().Shutdown();
  EXPECT_LT(absl::Now() - began, absl::Seconds(5));
  EXPECT_TRUE(silent.IsClosed());
}

TEST(GatewayTlsFilesTest, FilesThatDoNotFitAreALineAtTheStart) {
  TempFolder folder;
  CertificateAuthority authority;
  const CertificateAndKey one = authority.Issue({"IP:127.0.0.1"});
  WriteUnsynced(folder / "one.pem", one.certificate);
  WriteUnsynced(folder / "other.key", authority.Issue({"IP:127.0.0.1"}).key);
  const auto start = [](ServerTls tls) {
    HttpServerOptions options;
    options.tls = std::move(tls);
    return HttpServer::Start(std::move(options), {}).status();
  };
  EXPECT_THAT(
      std::string(start({.certificate_file = folder / "one.pem", .key_file = folder / "other.key"})
                      .message()),
      HasSubstr("is not the key of the certificate"));
  EXPECT_TRUE(absl::IsNotFound(
      start({.certificate_file = folder / "none.pem", .key_file = folder / "other.key"})));
  EXPECT_TRUE(absl::IsInvalidArgument(
      start({.certificate_file = folder / "other.key", .key_file = folder / "other.key"})));
}

}  // namespace
}  // namespace policykb
