#include "core/base/checksum.h"

#include <xxhash.h>

#include "core/base/strings.h"

namespace policykb {

struct Digest::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  ~State() { XXH3_freeState(xxh3); }
};

uint64_t Checksum64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

Digest::Digest() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->xxh3); }

Digest::~Digest() = default;

void Digest::Add(std::string_view field) {
  Add(static_cast<int64_t>(field.size()));
  XXH3_128bits_update(state_->xxh3, field.data(), field.size());
}

void Digest::Add(int64_t field) {
  unsigned char bytes[8];
  for (unsigned i = 0; i < 8; ++i) {
    bytes[i] = static_cast<unsigned char>(static_cast<uint64_t>(field) >> (8 * i));
  }
  XXH3_128bits_update(state_->xxh3, bytes, sizeof(bytes));
}

std::string Digest::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
  return Hex64(hash.high64) + Hex64(hash.low64);
}

}  // namespace policykb
