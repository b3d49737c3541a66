#include "core/embedding/tokenizer/character_map.h"

#include <cstring>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kUnitBytes = sizeof(uint32_t);

// Fields of a unit, as darts-clone packs them.
bool HasLeaf(uint32_t unit) { return ((unit >> 8) & 1U) != 0; }
uint32_t ValueOf(uint32_t unit) { return unit & 0x7FFFFFFFU; }
uint32_t LabelOf(uint32_t unit) { return unit & 0x800000FFU; }
uint32_t OffsetOf(uint32_t unit) { return (unit >> 10) << ((unit & 0x200U) >> 6); }

}  // namespace

absl::StatusOr<CharacterMap> CharacterMap::Decode(std::string_view bytes) {
  CharacterMap map;
  if (bytes.empty()) return map;
  uint32_t units_bytes = 0;
  if (bytes.size() < kUnitBytes) return absl::DataLossError("character map without its length");
  std::memcpy(&units_bytes, bytes.data(), kUnitBytes);
  bytes.remove_prefix(kUnitBytes);
  if (units_bytes > bytes.size() || units_bytes % kUnitBytes != 0 || units_bytes == 0) {
    return absl::DataLossError(Cat("character map of ", units_bytes, " bytes in ", bytes.size(),
                                   ", a multiple of 4 expected"));
  }
  map.units_.resize(units_bytes / kUnitBytes);
  std::memcpy(map.units_.data(), bytes.data(), units_bytes);
  map.replacements_ = bytes.substr(units_bytes);
  if (map.replacements_.empty() || map.replacements_.back() != '\0') {
    return absl::DataLossError("replacements of the character map do not end with a zero byte");
  }
  return map;
}

CharacterMap::Match CharacterMap::Longest(std::string_view text) const {
  Match match;
  if (units_.empty()) return match;
  size_t node = OffsetOf(units_[0]);
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    node ^= byte;
    if (node >= units_.size() || LabelOf(units_[node]) != byte) break;
    const uint32_t unit = units_[node];
    node ^= OffsetOf(unit);
    if (!HasLeaf(unit)) continue;
    if (node >= units_.size() || ValueOf(units_[node]) >= replacements_.size()) break;
    match = {.size = i + 1, .place = ValueOf(units_[node])};
  }
  return match;
}

std::string CharacterMap::Apply(std::string_view text) const {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Match match = Longest(text);
    if (match.size > 0) {
      out += replacements_.data() + match.place;
      text.remove_prefix(match.size);
      continue;
    }
    const DecodedChar c = DecodeChar(text, 0);
    AppendUtf8(out, c.code);
    text.remove_prefix(c.size);
  }
  return out;
}

}  // namespace policykb
