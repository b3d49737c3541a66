// Any bytes as an answer and as trailers: what is read of them is written as it was.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/grpc_framing.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto message = policykb::GrpcUnframed(bytes);
      message.ok() && policykb::GrpcFramed(*message) != bytes) {
    std::abort();
  }
  const size_t end = bytes.find('\n');
  const std::string_view message = end == bytes.npos ? "" : bytes.substr(end + 1);
  const absl::Status status = policykb::StatusOfTrailers(bytes.substr(0, end), message);
  if (status.message().size() > size + 64) std::abort();
  return 0;
}
