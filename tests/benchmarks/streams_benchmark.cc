// What the generator itself adds to an answer, and what a hundred answers at once cost it.
//
// usage: streams_benchmark GENERATOR [STREAMS]
// Runs the program policykb-generator between a retriever that answers at once and a model server
// that is scripted, both in this process, and prints:
//  - the time between the caller's request and the first checked sentence in which neither search
//    nor model was at work, over 200 answers one after the other;
//  - threads and memory of the generator while STREAMS (100) answers are streamed at the same time.
// Fails when an answer is not what it should be.

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/rpc/server.h"
#include "core/text/numerals.h"
#include "policykb/v1/generator_service.grpc.pb.h"
#include "policykb/v1/retriever_service.grpc.pb.h"
#include "tests/testing/fake_chat_server.h"

extern char** environ;

namespace policykb {
namespace {

constexpr int kPassages = 10;
constexpr int kAnswers = 200;

[[noreturn]] void Die(std::string_view why) {
  std::fprintf(stderr, "streams_benchmark: %.*s\n", static_cast<int>(why.size()), why.data());
  std::exit(1);
}

std::string SentenceOf(int article) {
  return Cat("第", FormatChineseNumeral(article), "条　养犬人应当自取得犬只之日起",
             FormatChineseNumeral(article * 3),
             "日内，携带居住证明、免疫证明和犬只照片，到居住地派出所办理登记。");
}

// Ten articles, found at once.
class InstantRetriever : public v1::RetrieverService::CallbackService {
 public:
  InstantRetriever() {
    for (int i = 1; i <= kPassages; ++i) {
      v1::Hit& hit = *found_.add_hits();
      v1::Passage& passage = *hit.mutable_passage();
      passage.set_document("documents/dogs");
      passage.set_name(Cat("documents/dogs/provisions/art", i));
      passage.set_document_title("养犬管理条例");
      passage.set_label(Cat("《养犬管理条例》第", FormatChineseNumeral(i), "条"));
      passage.set_text(SentenceOf(i));
      for (int more = 0; more < 5; ++more) {
        *passage.mutable_text() += "登记机关应当当场核对材料，材料齐全的，予以登记并发放犬牌。";
      }
      passage.mutable_span()->set_end(static_cast<int64_t>(passage.text().size()));
      passage.mutable_validity()->set_state(v1::Validity::STATE_IN_FORCE);
      hit.set_rank(i);
    }
    found_.set_snapshot("s1");
    found_.set_as_of_date("2026-01-01");
    found_.mutable_evidence()->set_answerability(0.9);
    found_.mutable_evidence()->set_resolved_reference(true);
  }

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context, const v1::SearchRequest*,
                                   v1::SearchResponse* response) override {
    const absl::Time asked = absl::Now();
    *response = found_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    {
      absl::MutexLock lock(&mutex_);
      asked_ = asked;
      told_ = absl::Now();
    }
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  // Of the last search.
  std::pair<absl::Time, absl::Time> times() {
    absl::MutexLock lock(&mutex_);
    return {asked_, told_};
  }

 private:
  v1::SearchResponse found_;
  absl::Mutex mutex_;
  absl::Time asked_ ABSL_GUARDED_BY(mutex_);
  absl::Time told_ ABSL_GUARDED_BY(mutex_);
};

// The program, ended with the object.
class Generator {
 public:
  Generator(const std::string& program, const std::string& retriever, const std::string& model,
            int streams) {
    int out[2];
    if (::pipe2(out, O_CLOEXEC) != 0) Die("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<std::string> words = {
        program,       "--retriever",   retriever,        "--listen", "127.0.0.1:0",
        "--model-url", model,           "--model",        "scripted", "--model-reasoning",
        "none",        "--max-answers", Cat(streams + 10)};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    if (::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ) != 0)
      Die(Cat(program, ": cannot be run"));
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(out[0]);
    const size_t at = line.find("listening on ");
    if (at == std::string::npos) Die(Cat(program, ": does not listen"));
    address_ = line.substr(at + 13);
  }
  ~Generator() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }

  const std::string& address() const { return address_; }

  // A number of /proc/PID/status, for example VmHWM in KiB.
  long Status(std::string_view name) const {
    std::ifstream status(Cat("/proc/", pid_, "/status"));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with(Cat(name, ":")))
        return std::strtol(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return 0;
  }

 private:
  pid_t pid_ = 0;
  std::string address_;
};

double Ms(absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); }

// One sentence, the beginning of the next, and then silence.
FakeReply OneSentence() {
  const std::string sentence = SentenceOf(1);
  return {.pieces = {FakeTextEvent(sentence.substr(0, 30)),
                     FakeTextEvent(Cat(sentence.substr(30), "[1]")), FakeTextEvent("第二条　")},
          .ending = FakeEnding::kHang};
}

FakeReply LongStream() {
  FakeReply reply;
  for (int article = 1; article <= kPassages; ++article) {
    const std::string sentence = Cat(SentenceOf(article), "[", article, "]");
    // A character of three bytes in most events, as a model sends its tokens.
    for (size_t at = 0; at < sentence.size(); at += 12)
      reply.pieces.push_back(FakeTextEvent(sentence.substr(at, 12)));
  }
  reply.pieces.push_back(FakeFinishEvents());
  reply.pause = absl::Milliseconds(40);
  reply.keep_alive = true;
  return reply;
}

void MeasureAddedLatency(const Generator& generator, InstantRetriever& retriever,
                         FakeChatServer& model) {
  model.SetDefault(OneSentence());
  const auto stub = v1::GeneratorService::NewStub(
      grpc::CreateChannel(generator.address(), grpc::InsecureChannelCredentials()));
  std::vector<double> added;
  for (int i = 0; i < kAnswers + 20; ++i) {
    grpc::ClientContext context;
    v1::StreamGenerateAnswerRequest request;
    request.mutable_spec()->set_question("养犬登记需要什么材料？");
    const absl::Time asked = absl::Now();
    const auto reader = stub->StreamGenerateAnswer(&context, request);
    absl::Time got = absl::InfinitePast();
    for (v1::StreamGenerateAnswerResponse event; reader->Read(&event);) {
      if (!event.has_sentence()) continue;
      got = absl::Now();
      break;
    }
    if (got == absl::InfinitePast()) Die("an answer without a sentence");
    const auto [searched, found] = retriever.times();
    const FakeChatServer::Times wrote = model.times().back();
    context.TryCancel();
    const absl::Duration sum = (searched - asked) + (wrote.asked - found) + (got - wrote.last_sent);
    // The first ones connect.
    if (i >= 20) added.push_back(Ms(sum));
  }
  std::sort(added.begin(), added.end());
  std::printf("added before the first checked sentence: p50 %.2f ms, p99 %.2f ms (%d answers)\n",
              added[added.size() / 2], added[added.size() * 99 / 100], kAnswers);
}

void MeasureStreams(const Generator& generator, FakeChatServer& model, int streams) {
  model.SetDefault(LongStream());
  const auto stub = v1::GeneratorService::NewStub(
      grpc::CreateChannel(generator.address(), grpc::InsecureChannelCredentials()));
  const long threads_before = generator.Status("Threads");
  std::atomic<int> writing = 0, whole = 0;
  std::vector<std::thread> callers;
  const absl::Time start = absl::Now();
  for (int i = 0; i < streams; ++i) {
    callers.emplace_back([&] {
      grpc::ClientContext context;
      v1::StreamGenerateAnswerRequest request;
      request.mutable_spec()->set_question("养犬登记需要什么材料？");
      const auto reader = stub->StreamGenerateAnswer(&context, request);
      bool first = true;
      for (v1::StreamGenerateAnswerResponse event; reader->Read(&event);) {
        if (event.has_sentence() && std::exchange(first, false)) ++writing;
        if (event.has_final() && event.final().mode() == v1::ANSWER_MODE_MODEL &&
            event.final().sentences_size() == kPassages && event.final().notices_size() == 0) {
          ++whole;
        }
      }
    });
  }
  long most_threads = 0;
  int most_writing = 0;
  std::atomic<bool> done = false;
  std::thread watcher([&] {
    while (!done) {
      most_threads = std::max(most_threads, generator.Status("Threads"));
      most_writing = std::max(most_writing, writing.load() - whole.load());
      absl::SleepFor(absl::Milliseconds(20));
    }
  });
  for (std::thread& caller : callers) caller.join();
  done = true;
  watcher.join();
  std::printf(
      "%d streams: %d whole, %d writing at once, %.1f s; generator: %ld threads (%ld before), "
      "peak %.1f MiB resident\n",
      streams, whole.load(), most_writing, absl::ToDoubleSeconds(absl::Now() - start), most_threads,
      threads_before, static_cast<double>(generator.Status("VmHWM")) / 1024);
  if (whole != streams) Die("an answer that is not what it should be");
}

int Main(int argc, char** argv) {
  if (argc < 2) Die("usage: streams_benchmark GENERATOR [STREAMS]");
  InstantRetriever retriever;
  grpc::Service* const services[] = {&retriever};
  const auto server = RpcServer::Start({}, services);
  if (!server.ok()) Die("the retriever cannot be started");
  FakeChatServer model;
  const int streams = argc > 2 ? std::atoi(argv[2]) : 100;
  const Generator generator(argv[1], (*server)->address(), model.url(), streams);
  MeasureAddedLatency(generator, retriever, model);
  MeasureStreams(generator, model, streams);
  return 0;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
