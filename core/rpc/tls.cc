#include "core/rpc/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxPemBytes = uint64_t{1} << 20;
constexpr unsigned int kRereadSeconds = 5;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, BioFree>;
using Certificate = std::unique_ptr<X509, CertificateFree>;
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

Bio Reader(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// A key with a passphrase is not asked for it.
int NoPassphrase(char*, int, int, void*) { return 0; }

// The first certificate of the file. Errors: InvalidArgument, as ReadFile.
absl::StatusOr<Certificate> ReadCertificate(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path, kMaxPemBytes));
  const Bio bio = Reader(pem);
  Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (certificate == nullptr)
    return absl::InvalidArgumentError(Cat(path, ": holds no certificate, expected PEM"));
  return certificate;
}

absl::StatusOr<Key> ReadKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path, kMaxPemBytes));
  const Bio bio = Reader(pem);
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        Cat(path, ": holds no private key, expected PEM without a passphrase"));
  }
  return key;
}

absl::Status CheckPair(const std::string& certificate_file, const std::string& key_file) {
  if (certificate_file.empty() || key_file.empty()) {
    return absl::InvalidArgumentError(Cat(
        "TLS: ",
        certificate_file.empty() ? "a key without a certificate" : "a certificate without a key",
        ", expected both or neither"));
  }
  ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate(certificate_file));
  ASSIGN_OR_RETURN(const Key key, ReadKey(key_file));
  const bool fits = X509_check_private_key(certificate.get(), key.get()) == 1;
  ERR_clear_error();
  if (!fits) {
    return absl::InvalidArgumentError(
        Cat(key_file, ": is not the key of the certificate in ", certificate_file));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentialsFor(
    const ServerTls& tls) {
  if (tls.certificate_file.empty() && tls.key_file.empty() && tls.client_ca_file.empty())
    return grpc::InsecureServerCredentials();
  RETURN_IF_ERROR(CheckPair(tls.certificate_file, tls.key_file));
  namespace tls_api = grpc::experimental;
  std::shared_ptr<tls_api::CertificateProviderInterface> files;
  if (tls.client_ca_file.empty()) {
    files = std::make_shared<tls_api::FileWatcherCertificateProvider>(
        tls.key_file, tls.certificate_file, kRereadSeconds);
  } else {
    RETURN_IF_ERROR(ReadCertificate(tls.client_ca_file).status());
    files = std::make_shared<tls_api::FileWatcherCertificateProvider>(
        tls.key_file, tls.certificate_file, tls.client_ca_file, kRereadSeconds);
  }
  tls_api::TlsServerCredentialsOptions options(files);
  options.watch_identity_key_cert_pairs();
  if (!tls.client_ca_file.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls_api::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ChannelCredentialsFor(
    const ClientTls& tls) {
  if (tls.ca_file.empty()) {
    if (!tls.certificate_file.empty() || !tls.key_file.empty()) {
      return absl::InvalidArgumentError(
          "TLS: a client certificate without certificates to trust, expected both");
    }
    return grpc::InsecureChannelCredentials();
  }
  RETURN_IF_ERROR(ReadCertificate(tls.ca_file).status());
  grpc::SslCredentialsOptions options;
  ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(tls.ca_file, kMaxPemBytes));
  if (!tls.certificate_file.empty() || !tls.key_file.empty()) {
    RETURN_IF_ERROR(CheckPair(tls.certificate_file, tls.key_file));
    ASSIGN_OR_RETURN(options.pem_cert_chain, ReadFile(tls.certificate_file, kMaxPemBytes));
    ASSIGN_OR_RETURN(options.pem_private_key, ReadFile(tls.key_file, kMaxPemBytes));
  }
  return grpc::SslCredentials(options);
}

}  // namespace policykb
