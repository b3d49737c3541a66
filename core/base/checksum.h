// Checksums of bytes: 64 bits for files, 128 bits for the identity of content. XXH3 behind both.
//
// For accidental damage and for "same content", not against someone who forges. Pure functions, any
// thread; a Digest is used by one thread at a time.

#ifndef POLICYKB_CORE_BASE_CHECKSUM_H_
#define POLICYKB_CORE_BASE_CHECKSUM_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace policykb {

// XXH3, 64 bit, seed 0.
uint64_t Checksum64(std::string_view bytes);

// Digest of a sequence of fields. Each field is length-prefixed, so ("ab","c") and ("a","bc")
// differ.
class Digest {
 public:
  Digest();
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Add(std::string_view field);
  void Add(int64_t field);
  // XXH3, 128 bit, of all fields so far: 32 lower-case hexadecimal digits.
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_CHECKSUM_H_
