// CertificateAuthority: issues certificates for tests of TLS.
//
// Elliptic-curve keys, valid from an hour ago for a day. Not for anything but tests. One thread.

#ifndef POLICYKB_TESTS_TESTING_CERTIFICATES_H_
#define POLICYKB_TESTS_TESTING_CERTIFICATES_H_

#include <memory>
#include <string>
#include <vector>

namespace policykb {

// PEM.
struct CertificateAndKey {
  std::string certificate;
  std::string key;
};

class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();

  // Its own certificate, PEM: what others trust.
  const std::string& certificate() const;
  // For the holder of these subject alternative names, in OpenSSL's form: "DNS:hall-3.example",
  // "IP:127.0.0.1", "URI:spiffe://hall/3".
  CertificateAndKey Issue(const std::vector<std::string>& names);

 private:
  struct Holder;
  std::unique_ptr<Holder> holder_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_CERTIFICATES_H_
