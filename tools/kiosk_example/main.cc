// policykb-kiosk-example: asks one question and shows, or says, the answer as it comes.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/flags.h"
#include "tools/kiosk_example/kiosk_client.h"
#include "tools/kiosk_example/spoken_text.h"

namespace policykb {
namespace {

struct Flags {
  ChannelOptions channel{.address = "127.0.0.1:50052"};
  double limit_seconds = 20;
  bool spoken = false;
  std::string question;
};

void Show(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::string Marks(const v1::AnswerSentence& sentence) {
  std::string marks;
  for (const int32_t number : sentence.citations()) marks += Cat("[", number, "]");
  return marks;
}

bool IsChinese(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
  }
  return false;
}

int Run(const Flags& flags) {
  absl::StatusOr<KioskClient> client = KioskClient::Create(flags.channel);
  if (!client.ok()) {
    std::fprintf(stderr, "policykb-kiosk-example: %s\n",
                 std::string(client.status().message()).c_str());
    return 2;
  }
  v1::AnswerSpec spec;
  spec.set_question(flags.question);
  const KioskAnswer result = client->Ask(
      spec, absl::Seconds(flags.limit_seconds), [&flags](const v1::SentenceReady& ready) {
        const v1::AnswerSentence& sentence = ready.sentence();
        Show(flags.spoken ? SpokenText(sentence.text()) : Cat(sentence.text(), Marks(sentence)));
      });
  if (!result.status.ok()) {
    Show(ApologyFor(result.status, IsChinese(flags.question)));
    std::fprintf(stderr, "policykb-kiosk-example: %s: %s (trace %s)\n",
                 absl::StatusCodeToString(result.status.code()).c_str(),
                 std::string(result.status.message()).c_str(), result.trace_id.c_str());
    return 1;
  }
  const v1::GroundedAnswer& answer = result.answer;
  if (!answer.refusal().empty())
    Show(flags.spoken ? SpokenText(answer.refusal()) : answer.refusal());
  for (const v1::Notice& notice : answer.notices())
    Show(flags.spoken ? SpokenText(notice.message()) : Cat("(", notice.message(), ")"));
  // A voice leaves sources to the screen.
  for (const v1::Citation& citation : answer.citations()) {
    if (!flags.spoken) Show(Cat("[", citation.number(), "] ", citation.label()));
  }
  return 0;
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("policykb-kiosk-example: asks one question as a kiosk does");
  app.set_version_flag("--version", VersionLine("policykb-kiosk-example"));
  app.add_option("--generator", flags.channel.address, "host:port of a policykb-generator")
      ->capture_default_str();
  AddChannelOptions(app, "", flags.channel);
  app.add_option("--limit-seconds", flags.limit_seconds, "how long an answer may take")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_flag("--spoken", flags.spoken, "print what a voice would say");
  app.add_option("question", flags.question, "the question")->required();
  CLI11_PARSE(app, argc, argv);
  return Run(flags);
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
