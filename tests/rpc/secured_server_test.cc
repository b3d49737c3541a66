// Keys, certificates and forwarded callers over real connections.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rpc/access.h"
#include "core/rpc/api_key.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/channel.h"
#include "core/rpc/server.h"
#include "core/rpc/status_conversion.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/testing/certificates.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// Answers a search with who asked and the labels that it may see, as the snapshot's id.
class WhoAsks : public v1::RetrieverService::CallbackService {
 public:
  explicit WhoAsks(const Access* access) : access_(access) {}

 private:
  absl::StatusOr<std::string> Tell(const grpc::CallbackServerContext& context) const {
    ASSIGN_OR_RETURN(const CallCredentials credentials, CredentialsOf(context));
    ASSIGN_OR_RETURN(
        const Admission admission,
        access_->Admit("policykb.v1.RetrieverService/Search", credentials, absl::Now()));
    const Caller& caller = admission.caller();
    return Cat(caller.name, "|", caller.on_behalf_of, "|", Join(caller.labels, ","));
  }

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context, const v1::SearchRequest*,
                                   v1::SearchResponse* response) override {
    const absl::StatusOr<std::string> told = Tell(*context);
    if (told.ok()) response->set_snapshot(*told);
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(told.status()));
    return reactor;
  }

  const Access* access_;
};

class SecuredServerTest : public testing::Test {
 protected:
  SecuredServerTest() : folder_(testing::TempDir() + "secured_XXXXXX") {
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    Write("ca.pem", authority_.certificate());
    Write("other-ca.pem", other_authority_.certificate());
    WritePair("server", authority_, {"IP:127.0.0.1"});
    WritePair("hall", authority_, {"DNS:hall-3.example", "URI:spiffe://hall/3"});
    WritePair("stranger", other_authority_, {"DNS:hall-3.example"});
    Write("access.toml",
          Cat("labels = ['public', '内部']\n"
              "[[principal]]\nname = 'hall'\nroles = ['kiosk']\nlabels = ['public']\n"
              "certificates = ['hall-3.example']\n"
              "[[principal]]\nname = 'desk'\nroles = ['staff']\nlabels = ['public', '内部']\n"
              "keys = ['",
              ApiKeyHash::Of(desk_key_)->ToString(),
              "']\n[[principal]]\nname = 'generator'\nroles = ['service']\nlabels = ['*']\n"
              "keys = ['",
              ApiKeyHash::Of(service_key_)->ToString(), "']\n"));
    auto access = Access::Open(Path("access.toml"));
    EXPECT_TRUE(access.ok()) << access.status();
    access_ = *std::move(access);
    service_ = std::make_unique<WhoAsks>(access_.get());
  }
  ~SecuredServerTest() override {
    server_.reset();
    EXPECT_TRUE(RemoveAll(folder_).ok());
  }

  std::string Path(const std::string& name) const { return JoinPath(folder_, name); }
  void Write(const std::string& name, const std::string& content) {
    WriteUnsynced(Path(name), content);
  }
  void WritePair(const std::string& name, CertificateAuthority& authority,
                 const std::vector<std::string>& names) {
    const CertificateAndKey pair = authority.Issue(names);
    Write(name + ".pem", pair.certificate);
    Write(name + ".key", pair.key);
  }
  std::string KeyFile(const std::string& key) {
    Write("caller.key", key + "\n");
    return Path("caller.key");
  }
  ServerTls Tls() const {
    return {.certificate_file = Path("server.pem"),
            .key_file = Path("server.key"),
            .client_ca_file = Path("ca.pem")};
  }
  void Serve(const ServerTls& tls) {
    grpc::Service* const services[] = {service_.get()};
    auto server = RpcServer::Start({.tls = tls}, services);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    server_->SetServing(true);
  }
  // Who the server takes the caller for, or its refusal.
  absl::StatusOr<std::string> Ask(const ClientTls& tls, const std::string& key = "",
                                  const std::optional<ForwardedCaller>& forwarded = {}) {
    ChannelOptions options{.address = server_->address(), .tls = tls};
    if (!key.empty()) options.api_key_file = KeyFile(key);
    ASSIGN_OR_RETURN(const RpcChannel channel, RpcChannel::Open(options));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    channel.Prepare(context);
    if (forwarded) ForwardCaller(*forwarded, context);
    v1::SearchResponse response;
    const auto stub = v1::RetrieverService::NewStub(channel.channel());
    RETURN_IF_ERROR(FromGrpcStatus(stub->Search(&context, {}, &response)));
    return response.snapshot();
  }

  std::string folder_;
  CertificateAuthority authority_;
  CertificateAuthority other_authority_;
  const std::string desk_key_ = MakeApiKey();
  const std::string service_key_ = MakeApiKey();
  std::unique_ptr<Access> access_;
  std::unique_ptr<WhoAsks> service_;
  std::unique_ptr<RpcServer> server_;
};

TEST_F(SecuredServerTest, AClientCertificateSaysWhoCalls) {
  Serve(Tls());
  const auto told = Ask({.ca_file = Path("ca.pem"),
                         .certificate_file = Path("hall.pem"),
                         .key_file = Path("hall.key")});
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(*told, "hall||public");
}

TEST_F(SecuredServerTest, AKeySaysWhoCallsWithOrWithoutTls) {
  Serve(Tls());
  EXPECT_EQ(*Ask({.ca_file = Path("ca.pem")}, desk_key_), "desk||public,内部");
  server_.reset();
  Serve({});
  EXPECT_EQ(*Ask({}, desk_key_), "desk||public,内部");
}

TEST_F(SecuredServerTest, LabelsOfAForwardedCallerComeThroughAsTheyAre) {
  Serve({});
  const ForwardedCaller desk{.name = "desk", .labels = {"public", "内部"}};
  EXPECT_EQ(*Ask({}, service_key_, desk), "generator|desk|public,内部");
  EXPECT_EQ(*Ask({}, service_key_, ForwardedCaller{.name = "nobody", .labels = {}}),
            "generator|nobody|");
  EXPECT_EQ(Ask({}, desk_key_, desk).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(SecuredServerTest, WithoutKeyOrCertificateNobodyIsLetIn) {
  Serve(Tls());
  const absl::Status status = Ask({.ca_file = Path("ca.pem")}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << status;
}

TEST_F(SecuredServerTest, ACertificateOfAnotherAuthorityDoesNotConnect) {
  Serve(Tls());
  const absl::Status status = Ask({.ca_file = Path("ca.pem"),
                                   .certificate_file = Path("stranger.pem"),
                                   .key_file = Path("stranger.key")})
                                  .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_F(SecuredServerTest, AServerThatTheClientDoesNotTrustGetsNoKey) {
  Serve(Tls());
  EXPECT_EQ(Ask({.ca_file = Path("other-ca.pem")}, desk_key_).status().code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(SecuredServerTest, PlainTextDoesNotReachATlsServer) {
  Serve(Tls());
  EXPECT_EQ(Ask({}, desk_key_).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(SecuredServerTest, FilesThatDoNotFitAreNamedAtStart) {
  const auto start = [this](ServerTls tls) {
    grpc::Service* const services[] = {service_.get()};
    return RpcServer::Start({.tls = std::move(tls)}, services).status();
  };
  ServerTls tls = Tls();
  tls.key_file = Path("hall.key");
  EXPECT_THAT(std::string(start(tls).message()),
              HasSubstr("hall.key: is not the key of the certificate in"));
  tls.key_file = "";
  EXPECT_THAT(std::string(start(tls).message()), HasSubstr("a certificate without a key"));
  tls = Tls();
  tls.certificate_file = Path("access.toml");
  EXPECT_THAT(std::string(start(tls).message()), HasSubstr("access.toml: holds no certificate"));
  tls = Tls();
  tls.client_ca_file = Path("no.pem");
  EXPECT_EQ(start(tls).code(), absl::StatusCode::kNotFound);
}

TEST_F(SecuredServerTest, AnotherMachineIsReachedWithTlsOnly) {
  const absl::Status plain = RpcChannel::Open({.address = "192.0.2.1:50051"}).status();
  EXPECT_EQ(plain.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(plain.message()), HasSubstr("reached with TLS"));
  EXPECT_TRUE(
      RpcChannel::Open({.address = "192.0.2.1:50051", .tls = {.ca_file = Path("ca.pem")}}).ok());
  EXPECT_TRUE(RpcChannel::Open({.address = "192.0.2.1:50051", .allow_plain = true}).ok());
  EXPECT_EQ(RpcServer::Start({.listen = "0.0.0.0:0"}, {}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(SecuredServerTest, SeveralServersTakeTurnsAndOneThatIsAwayIsLeftOut) {
  Serve({});
  WhoAsks other_service(access_.get());
  grpc::Service* const services[] = {&other_service};
  auto other = RpcServer::Start({}, services);
  ASSERT_TRUE(other.ok()) << other.status();
  const std::string address = Cat(server_->address(), ",", (*other)->address());
  // The second one never says that it serves.
  const auto channel = RpcChannel::Open({.address = address, .api_key_file = KeyFile(desk_key_)});
  ASSERT_TRUE(channel.ok()) << channel.status();
  const auto stub = v1::RetrieverService::NewStub(channel->channel());
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    channel->Prepare(context);
    v1::SearchResponse response;
    const grpc::Status status = stub->Search(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
}

TEST_F(SecuredServerTest, AKeyFileHoldsAKey) {
  Write("key", desk_key_ + "\n");
  EXPECT_EQ(*ReadApiKey(Path("key")), desk_key_);
  Write("key", "hunter2\n");
  const absl::Status wrong = ReadApiKey(Path("key")).status();
  EXPECT_EQ(wrong.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(wrong.message()), testing::Not(HasSubstr("hunter2")));
  Write("key", "\n");
  EXPECT_EQ(ReadApiKey(Path("key")).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadApiKey(Path("no")).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
