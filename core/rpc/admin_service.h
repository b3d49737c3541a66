// AdminServiceImpl: AdminService, the same for every server.
//
// Only translates: what the program says of itself, its faults and its metrics become messages. Any
// thread.

#ifndef POLICYKB_CORE_RPC_ADMIN_SERVICE_H_
#define POLICYKB_CORE_RPC_ADMIN_SERVICE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "core/rpc/call_record.h"
#include "core/rpc/faults.h"
#include "core/rpc/metrics.h"
#include "policykb/v1/admin_service.grpc.pb.h"

namespace policykb {

struct AdminOptions {
  std::string program;
  const Faults* faults = nullptr;  // must outlive the service, as the metrics
  const Metrics* metrics = nullptr;
  // Adds what only this program knows; for a caller who holds these labels. May be empty.
  std::function<void(const std::vector<std::string>& labels, v1::GetStatusResponse&)> describe = {};
  // Told of each call that has ended. May be empty.
  std::function<void(const CallRecord&)> log = {};
};

class AdminServiceImpl final : public v1::AdminService::CallbackService {
 public:
  // `access` must outlive the service. Counts uptime from now on.
  AdminServiceImpl(const Access* access, AdminOptions options);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;

 private:
  absl::Status Admit(const grpc::CallbackServerContext& context, absl::Time now, CallRecord& record,
                     std::vector<std::string>& labels) const;
  void Describe(const std::vector<std::string>& labels, absl::Time now,
                v1::GetStatusResponse& response) const;

  const Access* access_;
  const AdminOptions options_;
  const absl::Time started_;
};

// Whether a peer, as gRPC names it ("ipv4:127.0.0.1:5000", "unix:..."), calls over loopback.
bool IsOfThisMachine(std::string_view peer);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_ADMIN_SERVICE_H_
