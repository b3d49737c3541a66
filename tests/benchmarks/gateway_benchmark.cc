// What the gateway adds to the first sentence of an answer, and what streams that wait cost it.
//
// usage: gateway_benchmark GATEWAY [STREAMS]
// Runs the program policykb-gateway in front of a generator in this process that answers at once,
// or waits behind its first sentence, and prints:
//  - the time from the request to the first sentence, over gRPC and through the gateway, one after
//    the other, and the difference of the medians;
//  - memory and threads of the gateway while STREAMS (300) answers wait at the same time.
// Fails when an answer is not what it should be.

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "tests/gateway/fake_upstream.h"
#include "tests/gateway/raw_http.h"

extern char** environ;

namespace policykb {
namespace {

constexpr int kAnswers = 500;

[[noreturn]] void Die(std::string_view why) {
  std::fprintf(stderr, "gateway_benchmark: %.*s\n", static_cast<int>(why.size()), why.data());
  std::exit(1);
}

std::unique_ptr<RpcServer> Serve(grpc::Service* service) {
  grpc::Service* const services[] = {service};
  auto server = RpcServer::Start({}, services);
  if (!server.ok()) Die(std::string(server.status().message()));
  return *std::move(server);
}

// The gateway's process and address.
struct Running {
  pid_t pid;
  std::string address;
};

Running Start(std::string program, std::string retriever, std::string generator) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) Die("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = {program,   "--listen",    "127.0.0.1:0", "--retriever",
                                    retriever, "--generator", generator};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t pid = 0;
  if (::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ) != 0)
    Die(Cat(program, ": cannot be run"));
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string line;
  for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(ends[0]);
  const size_t at = line.rfind(' ');
  if (at == std::string::npos) Die(Cat(program, ": does not listen"));
  return {.pid = pid, .address = line.substr(at + 1)};
}

std::string Ask(std::string_view question) {
  const std::string body = Cat(R"({"spec":{"question":")", question, "\"}}");
  return Cat("POST /v1/answers:stream HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ", body.size(),
             "\r\n\r\n", body);
}

double Median(std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  return ms[ms.size() / 2];
}

double OverGrpc(v1::GeneratorService::Stub& stub) {
  grpc::ClientContext context;
  v1::StreamGenerateAnswerRequest request;
  request.mutable_spec()->set_question("a");
  v1::StreamGenerateAnswerResponse event;
  const absl::Time began = absl::Now();
  const auto stream = stub.StreamGenerateAnswer(&context, request);
  double first = 0;
  while (stream->Read(&event)) {
    if (event.has_sentence() && first == 0) first = absl::ToDoubleMilliseconds(absl::Now() - began);
  }
  if (first == 0 || !stream->Finish().ok()) Die("gRPC: no sentence");
  return first;
}

double OverHttp(RawHttp& client) {
  const absl::Time began = absl::Now();
  client.Send(Ask("a"));
  const std::string first = client.ReceiveUntil("event: sentence");
  const double ms = absl::ToDoubleMilliseconds(absl::Now() - began);
  if (!first.ends_with("event: sentence")) Die("HTTP: no sentence");
  client.ReceiveUntil("\r\n0\r\n\r\n");
  return ms;
}

std::string StatusLine(pid_t pid, std::string_view name) {
  std::ifstream status(Cat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return line;
  }
  return "";
}

int Main(int argc, char** argv) {
  if (argc < 2) Die("usage: gateway_benchmark GATEWAY [STREAMS]");
  const int streams = argc > 2 ? std::atoi(argv[2]) : 300;
  Seen seen;
  FakeRetriever retriever(&seen);
  FakeGenerator generator(&seen);
  const auto retriever_server = Serve(&retriever);
  const auto generator_server = Serve(&generator);
  const Running gateway = Start(argv[1], retriever_server->address(), generator_server->address());
  {
    const auto stub = v1::GeneratorService::NewStub(
        grpc::CreateChannel(generator_server->address(), grpc::InsecureChannelCredentials()));
    RawHttp client(gateway.address);
    OverGrpc(*stub);
    OverHttp(client);
    std::vector<double> grpc_ms, http_ms;
    for (int i = 0; i < kAnswers; ++i) {
      grpc_ms.push_back(OverGrpc(*stub));
      http_ms.push_back(OverHttp(client));
    }
    std::printf("first sentence, median of %d: gRPC %.2f ms, gateway %.2f ms, added %.2f ms\n",
                kAnswers, Median(grpc_ms), Median(http_ms), Median(http_ms) - Median(grpc_ms));
  }
  std::vector<std::unique_ptr<RawHttp>> clients;
  for (int i = 0; i < streams; ++i) {
    clients.push_back(std::make_unique<RawHttp>(gateway.address));
    clients.back()->Send(Ask("slow"));
  }
  for (const auto& client : clients) {
    if (!client->ReceiveUntil("event: sentence").ends_with("event: sentence"))
      Die("a stream gave no sentence");
  }
  std::printf("%d streams: %s, %s\n", streams, StatusLine(gateway.pid, "VmRSS").c_str(),
              StatusLine(gateway.pid, "Threads").c_str());
  clients.clear();
  if (!seen.AwaitCancelled(streams)) Die("answers go on whose clients went away");
  ::kill(gateway.pid, SIGTERM);
  int ended = 0;
  ::waitpid(gateway.pid, &ended, 0);
  return ended == 0 ? 0 : 1;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
