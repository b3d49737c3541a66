#include "tools/grpc_framing.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr int64_t kMostMilliseconds = 99'999'999;

std::string Decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const char* const hex = text.data() + i + 1;
    if (text[i] == '%' && text.size() - i > 2 &&
        std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace

std::string GrpcFramed(std::string_view message) {
  std::string framed(kGrpcPrefixBytes, '\0');
  for (size_t i = 1; i < kGrpcPrefixBytes; ++i)
    framed[i] = static_cast<char>(message.size() >> (8 * (kGrpcPrefixBytes - 1 - i)));
  framed += message;
  return framed;
}

absl::StatusOr<std::string_view> GrpcUnframed(std::string_view framed) {
  size_t size = 0;
  for (size_t i = 1; i < std::min(kGrpcPrefixBytes, framed.size()); ++i)
    size = size << 8 | static_cast<unsigned char>(framed[i]);
  if (framed.size() < kGrpcPrefixBytes || framed[0] != 0 ||
      framed.size() != kGrpcPrefixBytes + size) {
    return absl::InternalError(
        Cat("answer: ", framed.size(), " bytes that are not one uncompressed message"));
  }
  return framed.substr(kGrpcPrefixBytes);
}

std::string GrpcTimeout(absl::Duration left) {
  const int64_t milliseconds = absl::ToInt64Milliseconds(absl::Ceil(left, absl::Milliseconds(1)));
  return Cat(std::min(milliseconds, kMostMilliseconds), "m");
}

absl::Status StatusOfTrailers(std::string_view code, std::string_view message) {
  int number = -1;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (error != std::errc() || end != code.data() + code.size() || number < 0 ||
      number > static_cast<int>(absl::StatusCode::kUnauthenticated)) {
    return absl::InternalError(Cat("answer: grpc-status \"", code, "\", expected 0 to 16"));
  }
  return {static_cast<absl::StatusCode>(number), Decoded(message)};
}

}  // namespace policykb
