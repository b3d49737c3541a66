// ApiKey: a secret that a caller sends, and what a server keeps of it.
//
// A key is "pkb_ID_SECRET", 16 and 64 hexadecimal digits from the system's generator; a server
// keeps "sha256:ID:SALT:DIGEST", the SHA-256 of salt and key. A secret of 256 random bits cannot be
// guessed from its digest however fast that is computed, so there is no slow hash; not for
// passwords that people choose. Any thread.

#ifndef POLICYKB_CORE_RPC_API_KEY_H_
#define POLICYKB_CORE_RPC_API_KEY_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

// A new key, to be given to the caller and shown once.
std::string MakeApiKey();

// The id in a key; empty when it has not the form of one. A view into `key`.
std::string_view ApiKeyId(std::string_view key);

class ApiKeyHash {
 public:
  // With a new salt. Errors: InvalidArgument (not of a key's form; the message does not show it).
  static absl::StatusOr<ApiKeyHash> Of(std::string_view key);
  // Errors: InvalidArgument (no "sha256:ID:SALT:DIGEST").
  static absl::StatusOr<ApiKeyHash> Parse(std::string_view text);

  const std::string& id() const { return id_; }
  // As Parse reads it.
  std::string ToString() const;
  // Whether it is of this key; takes as long for every key of a key's form.
  bool Matches(std::string_view key) const;

 private:
  ApiKeyHash() = default;

  std::string id_;
  std::string salt_;    // hexadecimal
  std::string digest_;  // hexadecimal
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_API_KEY_H_
