#include "tests/testing/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr long kHour = 3600;

struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Certificate = std::unique_ptr<X509, CertificateFree>;
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;

template <typename Write>
std::string ToPem(const Write& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

void AddExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate Unsigned(EVP_PKEY* key, long serial, const std::string& name) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * kHour);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

}  // namespace

struct CertificateAuthority::Holder {
  Key key;
  Certificate certificate;
  std::string pem;
  long issued = 0;
};

CertificateAuthority::CertificateAuthority() : holder_(std::make_unique<Holder>()) {
  holder_->key.reset(EVP_EC_gen("P-256"));
  holder_->certificate = Unsigned(holder_->key.get(), 1, "test authority");
  X509* const own = holder_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(own, holder_->key.get(), EVP_sha256());
  holder_->pem = ToPem([own](BIO* bio) { PEM_write_bio_X509(bio, own); });
}

CertificateAuthority::~CertificateAuthority() = default;

const std::string& CertificateAuthority::certificate() const { return holder_->pem; }

CertificateAndKey CertificateAuthority::Issue(const std::vector<std::string>& names) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate issued = Unsigned(key.get(), 2 + holder_->issued++, "test holder");
  X509* const own = holder_->certificate.get();
  X509_set_issuer_name(issued.get(), X509_get_subject_name(own));
  AddExtension(issued.get(), own, NID_subject_alt_name, Join(names, ","));
  X509_sign(issued.get(), holder_->key.get(), EVP_sha256());
  return {.certificate = ToPem([&](BIO* bio) { PEM_write_bio_X509(bio, issued.get()); }),
          .key = ToPem([&](BIO* bio) {
            PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace policykb
