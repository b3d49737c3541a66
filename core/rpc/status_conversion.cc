#include "core/rpc/status_conversion.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace policykb {

namespace {

constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kDomain[] = "policykb";

std::string DetailsOf(const absl::Status& status) {
  google::rpc::Status details;
  status.ForEachPayload([&details](absl::string_view type, const absl::Cord& payload) {
    google::protobuf::Any& detail = *details.add_details();
    detail.set_type_url(std::string(type));
    detail.set_value(std::string(payload));
  });
  if (details.details().empty()) return {};
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  return details.SerializeAsString();
}

// The payload of that type as a message; nullopt where there is none, or none of that type.
template <typename Message>
std::optional<Message> PayloadOf(const absl::Status& status, const char* type) {
  const auto payload = status.GetPayload(type);
  Message message;
  if (!payload || !message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  // The two enumerations have the same numbers, and absl::Status::code() maps any other number to
  // kUnknown.
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      std::string(status.message().data(), status.message().size()),
                      DetailsOf(status));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const int code = static_cast<int>(status.error_code());
  const bool known = code > 0 && code <= static_cast<int>(absl::StatusCode::kUnauthenticated);
  absl::Status converted(known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kUnknown,
                         status.error_message());
  google::rpc::Status details;
  if (!status.error_details().empty() && details.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : details.details())
      converted.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return converted;
}

absl::Status OverloadedError(std::string_view message, std::string_view reason,
                             absl::Duration retry_after) {
  absl::Status status =
      absl::ResourceExhaustedError(absl::string_view(message.data(), message.size()));
  const absl::Duration delay = std::max(retry_after, absl::Milliseconds(1));
  google::rpc::RetryInfo retry;
  absl::Duration rest;
  retry.mutable_retry_delay()->set_seconds(absl::IDivDuration(delay, absl::Seconds(1), &rest));
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
  status.SetPayload(kRetryInfo, absl::Cord(retry.SerializeAsString()));
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(kDomain);
  status.SetPayload(kErrorInfo, absl::Cord(info.SerializeAsString()));
  return status;
}

std::optional<absl::Duration> RetryAfter(const absl::Status& status) {
  const auto info = PayloadOf<google::rpc::RetryInfo>(status, kRetryInfo);
  if (!info) return std::nullopt;
  return absl::Seconds(info->retry_delay().seconds()) +
         absl::Nanoseconds(info->retry_delay().nanos());
}

std::string ErrorReason(const absl::Status& status) {
  const auto info = PayloadOf<google::rpc::ErrorInfo>(status, kErrorInfo);
  return info ? info->reason() : std::string();
}

}  // namespace policykb
