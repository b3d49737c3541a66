// ByteStream: a connection to a server, plain or with TLS, on which nothing waits but Wait.
//
// Speaks no protocol (unary_caller.h has HTTP/2 on it). One thread.

#ifndef POLICYKB_TOOLS_BYTE_STREAM_H_
#define POLICYKB_TOOLS_BYTE_STREAM_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/listen_address.h"
#include "core/rpc/tls.h"

namespace policykb {

class ByteStream {
 public:
  virtual ~ByteStream() = default;

  // Connects to one of the address's hosts, with TLS where there are certificates to trust, and
  // then says that it speaks HTTP/2. Errors: Unavailable (nobody there, not the server to trust,
  // not within `limit`), InvalidArgument (files of `tls`).
  static absl::StatusOr<std::unique_ptr<ByteStream>> Connect(const ListenAddress& address,
                                                             const ClientTls& tls,
                                                             absl::Duration limit);

  // Appends what is there to `bytes`, which may be nothing. Errors: Unavailable (the connection has
  // ended).
  virtual absl::Status Read(std::string& bytes) = 0;
  // Takes away from the front of `bytes` what the connection has room for. Errors: as Read.
  virtual absl::Status Write(std::string& bytes) = 0;
  // Waits until there is something to read, or room to write where that is asked for, or until
  // then. False where there is nothing to read for certain.
  virtual bool Wait(bool for_room, absl::Time until) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BYTE_STREAM_H_
