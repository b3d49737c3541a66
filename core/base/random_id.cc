#include "core/base/random_id.h"

#include <sys/random.h>

#include <array>

namespace policykb {

std::string RandomHex(size_t bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, 64> random;
  // Up to 256 bytes are given whole, however early after the start of the system.
  while (::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
  }
  std::string hex;
  hex.reserve(2 * bytes);
  for (size_t i = 0; i < bytes; ++i) {
    hex += kDigits[random[i] >> 4];
    hex += kDigits[random[i] & 15];
  }
  return hex;
}

}  // namespace policykb
