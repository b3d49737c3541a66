// TLS: certificate files -> gRPC credentials.
//
// Files are PEM. A server reads its own again every few seconds, so that a certificate is renewed
// by renaming new files over the old ones; a client reads them when it starts. Not for who the
// holder of a certificate is (access.h). Any thread.

#ifndef POLICYKB_CORE_RPC_TLS_H_
#define POLICYKB_CORE_RPC_TLS_H_

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace policykb {

struct ServerTls {
  std::string certificate_file = {};  // chain, the server's first; empty: plain text
  std::string key_file = {};
  std::string client_ca_file =
      {};  // certificates that clients' own are issued by; empty: not asked for
};

struct ClientTls {
  std::string ca_file = {};           // certificates to trust; empty: plain text
  std::string certificate_file = {};  // the client's own, with its key; empty: none
  std::string key_file = {};
};

// Plain text for files that are all empty. A client may come without a certificate also where
// client_ca_file is given; one that it shows must be issued by it. Errors: InvalidArgument (one of
// certificate and key is missing, or client_ca_file without them; a file that holds no certificate
// or no key; a key of another certificate), NotFound, PermissionDenied.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentialsFor(const ServerTls& tls);
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentialsFor(
    const ClientTls& tls);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_TLS_H_
