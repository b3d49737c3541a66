#include "generator/gateway/server_tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <string_view>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxPemBytes = uint64_t{1} << 20;
constexpr unsigned char kHttp11[] = "\x08http/1.1";

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct ContextFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct NamesFree {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Certificate = std::unique_ptr<X509, CertificateFree>;

std::unique_ptr<BIO, BioFree> Reader(const std::string& pem) {
  return std::unique_ptr<BIO, BioFree>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// A key with a passphrase is not asked for it.
int NoPassphrase(char*, int, int, void*) { return 0; }

// Every certificate in `pem`, in order.
std::vector<Certificate> ReadCertificates(const std::string& pem) {
  std::vector<Certificate> found;
  const auto reader = Reader(pem);
  while (Certificate next{PEM_read_bio_X509(reader.get(), nullptr, NoPassphrase, nullptr)})
    found.push_back(std::move(next));
  ERR_clear_error();
  return found;
}

// Only HTTP/1.1 is spoken; who offers other protocols alone gets none.
int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp11, sizeof(kHttp11) - 1, offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

absl::Status UseCertificate(SSL_CTX* context, const std::string& pem, const std::string& path) {
  std::vector<Certificate> chain = ReadCertificates(pem);
  if (chain.empty())
    return absl::InvalidArgumentError(Cat(path, ": holds no certificate, expected PEM"));
  bool used = SSL_CTX_use_certificate(context, chain.front().get()) == 1;
  for (size_t i = 1; used && i < chain.size(); ++i)
    used = SSL_CTX_add1_chain_cert(context, chain[i].get()) == 1;
  ERR_clear_error();
  if (!used) return absl::InvalidArgumentError(Cat(path, ": a certificate that TLS cannot use"));
  return absl::OkStatus();
}

absl::Status UseKey(SSL_CTX* context, const std::string& pem, const ServerTls& tls) {
  const auto reader = Reader(pem);
  const std::unique_ptr<EVP_PKEY, KeyFree> key(
      PEM_read_bio_PrivateKey(reader.get(), nullptr, NoPassphrase, nullptr));
  const bool used = key != nullptr && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  ERR_clear_error();
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        Cat(tls.key_file, ": holds no private key, expected PEM without a passphrase"));
  }
  if (!used || SSL_CTX_check_private_key(context) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError(
        Cat(tls.key_file, ": is not the key of the certificate in ", tls.certificate_file));
  }
  return absl::OkStatus();
}

// A client may come without a certificate; one that it shows must be issued by these.
absl::Status TrustClients(SSL_CTX* context, const std::string& pem, const std::string& path) {
  const std::vector<Certificate> trusted = ReadCertificates(pem);
  if (trusted.empty())
    return absl::InvalidArgumentError(Cat(path, ": holds no certificate, expected PEM"));
  for (const Certificate& certificate : trusted) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get());
    SSL_CTX_add_client_CA(context, certificate.get());
  }
  ERR_clear_error();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Open(const ServerTls& tls) {
  ASSIGN_OR_RETURN(const std::string certificate, ReadFile(tls.certificate_file, kMaxPemBytes));
  ASSIGN_OR_RETURN(const std::string key, ReadFile(tls.key_file, kMaxPemBytes));
  std::string clients;
  if (!tls.client_ca_file.empty()) {
    ASSIGN_OR_RETURN(clients, ReadFile(tls.client_ca_file, kMaxPemBytes));
  }
  std::unique_ptr<SSL_CTX, ContextFree> context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return absl::InternalError("TLS: OpenSSL gives no context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  constexpr std::string_view kSessions = "policykb-gateway";
  SSL_CTX_set_session_id_context(context.get(),
                                 reinterpret_cast<const unsigned char*>(kSessions.data()),
                                 static_cast<unsigned int>(kSessions.size()));
  RETURN_IF_ERROR(UseCertificate(context.get(), certificate, tls.certificate_file));
  RETURN_IF_ERROR(UseKey(context.get(), key, tls));
  if (!clients.empty()) RETURN_IF_ERROR(TrustClients(context.get(), clients, tls.client_ca_file));
  return std::shared_ptr<const TlsContext>(
      new TlsContext(context.release(), Cat(certificate, key, clients)));
}

ssl_ctx_st* TlsContext::Share() const {
  SSL_CTX_up_ref(context_);
  return context_;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

std::vector<std::string> ClientCertificateNames(ssl_st* connection) {
  std::vector<std::string> found;
  const Certificate certificate(SSL_get1_peer_certificate(connection));
  if (certificate == nullptr || SSL_get_verify_result(connection) != X509_V_OK) return found;
  const std::unique_ptr<GENERAL_NAMES, NamesFree> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return found;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_URI && name->type != GEN_EMAIL) continue;
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.ia5)),
                                static_cast<size_t>(ASN1_STRING_length(name->d.ia5)));
    // A name with a zero byte in it is none.
    if (text.find('\0') == std::string_view::npos) found.emplace_back(text);
  }
  return found;
}

}  // namespace policykb
