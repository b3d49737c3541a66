// TlsContext: certificate files of a server -> what a TLS connection is begun with.
//
// The same files, and the same rules, as those of the gRPC servers (core/rpc/tls.h). Not for who
// the holder of a certificate is (core/rpc/access.h). Const once open, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_SERVER_TLS_H_
#define POLICYKB_GENERATOR_GATEWAY_SERVER_TLS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/rpc/tls.h"

struct ssl_ctx_st;
struct ssl_st;

namespace policykb {

class TlsContext {
 public:
  // TLS 1.2 and later, HTTP/1.1. Errors: InvalidArgument (a file that holds no certificate or no
  // key; a key of another certificate), NotFound, PermissionDenied, FailedPrecondition (over 1
  // MiB).
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Open(const ServerTls& tls);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // OpenSSL's SSL_CTX, a share of which the caller now has and must give back.
  ssl_ctx_st* Share() const;
  // Bytes of all files; another one means that the files have changed.
  const std::string& source() const { return source_; }

 private:
  TlsContext(ssl_ctx_st* context, std::string source)
      : context_(context), source_(std::move(source)) {}

  ssl_ctx_st* const context_;
  const std::string source_;
};

// Subject alternative names (DNS, URI, e-mail) of the verified certificate that the client of a
// connection, an SSL*, has shown; none without one.
std::vector<std::string> ClientCertificateNames(ssl_st* connection);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_SERVER_TLS_H_
