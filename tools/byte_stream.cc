#include "tools/byte_stream.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr size_t kReadBytes = size_t{64} << 10;

absl::Status Ended(std::string_view why) {
  return absl::UnavailableError(Cat("connection: ", why));
}

// As a server's address is written in certificates and asked of the resolver.
std::string BareHost(const ListenAddress& address) {
  const std::string& host = address.host;
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

class PlainStream : public ByteStream {
 public:
  explicit PlainStream(int socket) : socket_(socket) {}
  ~PlainStream() override { ::close(socket_); }
  PlainStream(const PlainStream&) = delete;
  PlainStream& operator=(const PlainStream&) = delete;

  absl::Status Read(std::string& bytes) override {
    for (;;) {
      const ssize_t got = ::recv(socket_, piece_.data(), piece_.size(), 0);
      if (got == 0) return Ended("closed by the server");
      if (got < 0 && errno == EAGAIN) return absl::OkStatus();
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Ended(std::strerror(errno));
      bytes.append(piece_.data(), static_cast<size_t>(got));
      if (static_cast<size_t>(got) < piece_.size()) return absl::OkStatus();
    }
  }

  absl::Status Write(std::string& bytes) override {
    size_t taken = 0;
    while (taken < bytes.size()) {
      const ssize_t sent =
          ::send(socket_, bytes.data() + taken, bytes.size() - taken, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0 && errno == EAGAIN) break;
      if (sent < 0) return Ended(std::strerror(errno));
      taken += static_cast<size_t>(sent);
    }
    bytes.erase(0, taken);
    return absl::OkStatus();
  }

  bool Wait(bool for_room, absl::Time until) override {
    pollfd waited = {.fd = socket_,
                     .events = static_cast<short>(for_room ? POLLIN | POLLOUT : POLLIN),
                     .revents = 0};
    const timespec most = absl::ToTimespec(std::max(until - absl::Now(), absl::ZeroDuration()));
    // Whoever waits looks again, so an interrupted wait is as good as one that ended.
    return ::ppoll(&waited, 1, until == absl::InfiniteFuture() ? nullptr : &most, nullptr) > 0 &&
           (waited.revents & ~POLLOUT) != 0;
  }

 private:
  const int socket_;
  std::array<char, kReadBytes> piece_;
};

struct ContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SessionFree {
  void operator()(SSL* session) const { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, ContextFree>;
using Session = std::unique_ptr<SSL, SessionFree>;

std::string TlsError() {
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  ERR_clear_error();
  return text;
}

// What OpenSSL reads and writes goes through memory, so that the socket stays PlainStream's.
class TlsStream : public ByteStream {
 public:
  TlsStream(std::unique_ptr<PlainStream> below, Session session)
      : below_(std::move(below)), session_(std::move(session)) {}

  absl::Status Handshake(absl::Time until) {
    for (;;) {
      const int done = SSL_do_handshake(session_.get());
      const int why = SSL_get_error(session_.get(), done);
      RETURN_IF_ERROR(Send());
      if (done == 1) return absl::OkStatus();
      if (why != SSL_ERROR_WANT_READ) {
        const long verified = SSL_get_verify_result(session_.get());
        const std::string error = TlsError();
        return Ended(
            Cat("TLS: ", verified == X509_V_OK ? error : X509_verify_cert_error_string(verified)));
      }
      if (absl::Now() >= until) return Ended("TLS: not agreed upon in time");
      below_->Wait(!unsent_.empty(), until);
      RETURN_IF_ERROR(Receive());
    }
  }

  absl::Status Read(std::string& bytes) override {
    absl::Status received = Receive();
    char piece[16 << 10];  // as long as a record
    int got = 0;
    while ((got = SSL_read(session_.get(), piece, sizeof piece)) > 0)
      bytes.append(piece, static_cast<size_t>(got));
    const int why = SSL_get_error(session_.get(), got);
    RETURN_IF_ERROR(Send());
    if (why == SSL_ERROR_ZERO_RETURN) return Ended("closed by the server");
    if (why != SSL_ERROR_WANT_READ) return Ended(Cat("TLS: ", TlsError()));
    return received;
  }

  absl::Status Write(std::string& bytes) override {
    RETURN_IF_ERROR(Send());
    if (!unsent_.empty() || bytes.empty()) return absl::OkStatus();
    // Memory takes all of it.
    if (SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
      return Ended(Cat("TLS: ", TlsError()));
    bytes.clear();
    return Send();
  }

  bool Wait(bool for_room, absl::Time until) override {
    return below_->Wait(for_room || !unsent_.empty(), until);
  }

 private:
  absl::Status Receive() {
    std::string sealed;
    absl::Status read = below_->Read(sealed);
    if (!sealed.empty())
      BIO_write(SSL_get_rbio(session_.get()), sealed.data(), static_cast<int>(sealed.size()));
    return read;
  }

  absl::Status Send() {
    char* sealed = nullptr;
    BIO* const written = SSL_get_wbio(session_.get());
    const long size = BIO_get_mem_data(written, &sealed);
    unsent_.append(sealed, static_cast<size_t>(size));
    BIO_reset(written);
    return below_->Write(unsent_);
  }

  const std::unique_ptr<PlainStream> below_;
  const Session session_;
  std::string unsent_;
};

// A socket that neither waits nor holds small messages back, connected before then.
absl::StatusOr<std::unique_ptr<PlainStream>> ConnectTo(const addrinfo& host, absl::Time until) {
  const int socket = ::socket(host.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return Ended(std::strerror(errno));
  auto stream = std::make_unique<PlainStream>(socket);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket, host.ai_addr, host.ai_addrlen) == 0) return stream;
  if (errno != EINPROGRESS) return Ended(std::strerror(errno));
  pollfd waited = {.fd = socket, .events = POLLOUT, .revents = 0};
  const timespec most = absl::ToTimespec(std::max(until - absl::Now(), absl::ZeroDuration()));
  if (::ppoll(&waited, 1, &most, nullptr) <= 0) return Ended("not made in time");
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return Ended(std::strerror(error));
  return stream;
}

absl::StatusOr<Session> NewSession(const ClientTls& tls, const std::string& host) {
  // Says what is wrong with the files in the words that all our clients use.
  RETURN_IF_ERROR(ChannelCredentialsFor(tls).status());
  const Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  bool set = SSL_CTX_load_verify_locations(context.get(), tls.ca_file.c_str(), nullptr) == 1;
  if (!tls.certificate_file.empty()) {
    set = set &&
          SSL_CTX_use_certificate_chain_file(context.get(), tls.certificate_file.c_str()) == 1 &&
          SSL_CTX_use_PrivateKey_file(context.get(), tls.key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  }
  Session session(SSL_new(context.get()));
  static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(session.get());
  // A name that is no IP address is looked for among the names.
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) != 1) {
    set = set && SSL_set1_host(session.get(), host.c_str()) == 1 &&
          SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1;
  }
  set = set && SSL_set_alpn_protos(session.get(), kHttp2, sizeof kHttp2) == 0;
  if (!set) return absl::InvalidArgumentError(Cat("TLS: ", TlsError()));
  ERR_clear_error();
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session.get());
  return session;
}

struct HostsFree {
  void operator()(addrinfo* hosts) const { ::freeaddrinfo(hosts); }
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteStream>> ByteStream::Connect(const ListenAddress& address,
                                                                const ClientTls& tls,
                                                                absl::Duration limit) {
  const absl::Time until = absl::Now() + limit;
  const std::string host = BareHost(address);
  addrinfo wanted = {};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), Cat(address.port).c_str(), &wanted, &found);
      error != 0) {
    return absl::UnavailableError(Cat(address.ToString(), ": ", ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, HostsFree> hosts(found);
  absl::Status failed;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    absl::StatusOr<std::unique_ptr<PlainStream>> stream = ConnectTo(*each, until);
    failed = stream.status();
    if (!stream.ok()) continue;
    if (tls.ca_file.empty()) return *std::move(stream);
    ASSIGN_OR_RETURN(Session session, NewSession(tls, host));
    auto sealed = std::make_unique<TlsStream>(*std::move(stream), std::move(session));
    failed = sealed->Handshake(until);
    if (failed.ok()) return sealed;
  }
  return absl::UnavailableError(Cat(address.ToString(), ": ", std::string(failed.message())));
}

}  // namespace policykb
