// policykb-indexer: builds the knowledge base offline and keeps it true.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/snapshot/roll_back.h"
#include "indexer/embed_lines.h"
#include "indexer/embedder_flags.h"
#include "indexer/embedder_selftest.h"
#include "indexer/gate.h"
#include "indexer/lint.h"
#include "indexer/maintenance.h"
#include "indexer/pipeline.h"
#include "indexer/report.h"

namespace policykb {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
// Some files, rows or statements could not be taken; all others are in the snapshot.
constexpr int kExitSkipped = 4;

struct Flags {
  std::string kb;
  BuildOptions build;
  UpdateOptions update;
  LintOptions lint;
  EmbedderChoice tried;  // by embedder-selftest
  double selftest_seconds = 2;
  EmbedderChoice shown;  // by embed
  std::string lines;
  bool as_queries = false;
  int rounds = 1;
  std::vector<std::string> documents;
  std::string snapshot;
  std::string gate;
  std::string policykb;
  std::string access;
  size_t keep = 0;
  bool list_all = false;
  bool no_publish = false;
  bool readmit = false;

  // With a gate the snapshot is written first and goes live when it was judged.
  Publish publish() const { return no_publish || !gate.empty() ? Publish::kLater : Publish::kNow; }
  size_t most_lines() const { return list_all ? SIZE_MAX : 20; }
};

Progress TerminalProgress() { return ProgressPrinter(::isatty(STDERR_FILENO) == 1); }

void AddKb(CLI::App& command, Flags& flags, const char* what = "folder of the knowledge base") {
  command.add_option("--kb", flags.kb, what)->required();
}

void AddPublishing(CLI::App& command, Flags& flags) {
  command.add_flag("--no-publish", flags.no_publish, "write the snapshot, leave the live one");
  command.add_option("--gate", flags.gate,
                     "gate.toml that the snapshot must pass to go live (docs/data-team.md)");
  command.add_option("--policykb", flags.policykb,
                     "program that judges; default: policykb beside this program, else in PATH");
}

void AddReading(CLI::App& command, Flags& flags, std::string& corpus, int& threads) {
  command
      .add_option("--corpus", corpus,
                  "folder with the documents, read recursively; README lists the formats")
      ->required();
  command.add_option("--threads", threads, "threads that read and parse files")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command.add_flag("--list-all", flags.list_all,
                   "name every skipped file and warning, not the first 20 of each");
}

void DefineBuildAndUpdate(CLI::App& app, Flags& flags) {
  CLI::App& build =
      *app.add_subcommand("build", "reads all of a corpus and indexes it from nothing");
  AddKb(build, flags, "folder of the knowledge base, made where missing");
  AddReading(build, flags, flags.build.corpus, flags.build.threads);
  AddEmbedderOptions(build, flags.build.embedder_choice);
  build
      .add_option("--dimension", flags.build.embedder.dimension,
                  "components of the trained vectors, a multiple of 64")
      ->check(CLI::Range(64, 1024))
      ->capture_default_str();
  build
      .add_option("--vocabulary", flags.build.embedder.vocabulary,
                  "pieces of the trained vocabulary at the most")
      ->check(CLI::Range(100, 200000))
      ->capture_default_str();
  build
      .add_option("--training-steps", flags.build.embedder.training_steps,
                  "steps of the embedder's training; each shows it 1,024 pairs of texts")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  build
      .add_option(
          "--segment-passages", flags.build.segment_passages,
          "passages that are indexed in memory at a time; segments of so many are then made "
          "one")
      ->check(CLI::Range(1000, 10000000))
      ->capture_default_str();
  build.add_option(
      "--vector-index", flags.build.vector_index,
      "FAISS factory string, such as IVF4096,PQ64, of the index over the vectors of a "
      "large segment; updates and compactions keep to it; default: our own HNSW graph");
  build
      .add_option("--vector-index-from", flags.build.vector_index_from,
                  "vectors from which on a segment is large; smaller ones are scanned")
      ->check(CLI::Range(1, 2000000000))
      ->capture_default_str();
  AddPublishing(build, flags);
  CLI::App& update =
      *app.add_subcommand("update", "takes over what differs on disk from the live snapshot");
  AddKb(update, flags);
  AddReading(update, flags, flags.update.corpus, flags.update.threads);
  update
      .add_option("--most-removed", flags.update.most_removed,
                  "share of the documents that may be gone at once, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  AddPublishing(update, flags);
}

void DefineLint(CLI::App& app, Flags& flags) {
  CLI::App& lint = *app.add_subcommand(
      "lint", "reads a corpus as build does and names all that a person should look at");
  lint.add_option("corpus", flags.lint.corpus, "folder with the documents")->required();
  lint.add_option("--access", flags.access,
                  "TOML file with labels = [...]: every other label is named");
  lint.add_option("--threads", flags.lint.threads, "threads that read and parse files")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  lint.add_flag("--list-all", flags.list_all, "every finding, not the first 20 of each kind");
}

void DefineSelftest(CLI::App& app, Flags& flags) {
  CLI::App& selftest = *app.add_subcommand(
      "embedder-selftest",
      "loads a transformer model, compares its precisions and says how fast they are here");
  AddModelOptions(selftest, flags.tried);
  selftest.get_option("--model")->required();
  selftest
      .add_option("--seconds", flags.selftest_seconds,
                  "how long each speed is measured, seconds; three for each precision")
      ->check(CLI::Range(0.0, 600.0))
      ->capture_default_str();
}

void DefineEmbed(CLI::App& app, Flags& flags) {
  CLI::App& embed = *app.add_subcommand(
      "embed", "prints a vector for each line of a file, to compare a model with other programs");
  AddEmbedderOptions(embed, flags.shown);
  embed.get_option("--embedder")->required();
  embed.add_option("--lines", flags.lines, "file with a text on each line")->required();
  embed.add_flag("--queries", flags.as_queries, "embed the lines as queries, one after the other");
  embed.add_option("--rounds", flags.rounds, "how often, for the time that is told at the end")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

void DefineMaintenance(CLI::App& app, Flags& flags) {
  CLI::App& withdraw = *app.add_subcommand(
      "withdraw", "takes documents out, also those whose files stay in the corpus");
  AddKb(withdraw, flags);
  withdraw.add_flag("--undo", flags.readmit, "let them in again with the next update");
  withdraw.add_option("document", flags.documents, "ids of documents")->required();
  CLI::App& compact =
      *app.add_subcommand("compact", "makes one segment of all and drops text that is gone");
  AddKb(compact, flags);
  CLI::App& publish = *app.add_subcommand("publish", "makes a written snapshot the live one");
  AddKb(publish, flags);
  publish.add_option("snapshot", flags.snapshot, "its id; default: the newest");
  publish.add_option("--gate", flags.gate, "gate.toml that it must pass (docs/data-team.md)");
  publish.add_option("--policykb", flags.policykb,
                     "program that judges; default: policykb beside this program, else in PATH");
  CLI::App& rollback = *app.add_subcommand("rollback", "makes an earlier snapshot live again");
  AddKb(rollback, flags);
  rollback.add_option("--to", flags.snapshot,
                      "its id; default: the one that was live before this one");
  AddKb(*app.add_subcommand("list", "names the snapshots"), flags);
  CLI::App& verify = *app.add_subcommand("verify", "reads and checks every byte of a snapshot");
  AddKb(verify, flags);
  verify.add_option("--snapshot", flags.snapshot, "its id; default: the live one");
  CLI::App& prune = *app.add_subcommand("prune", "removes old snapshots and what only they need");
  AddKb(prune, flags);
  prune.add_option("--keep", flags.keep, "snapshots to keep, the live one among them, >= 1")
      ->required()
      ->check(CLI::Range(size_t{1}, size_t{1000000}));
}

// Judges and publishes what a run wrote, where a gate was named.
absl::Status PassGate(const Flags& flags, const std::string& snapshot) {
  if (flags.gate.empty() || flags.no_publish || snapshot.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> published =
      PublishExisting(flags.kb, snapshot,
                      GateJudge({.kb = flags.kb, .gate = flags.gate, .policykb = flags.policykb}));
  if (published.ok()) std::printf("published: %s\n", published->c_str());
  return published.status();
}

// Prints the report of a run, then publishes; the exit code of a run that went well.
template <typename Report>
absl::StatusOr<int> Finish(const absl::StatusOr<Report>& report, const std::string& snapshot,
                           const Flags& flags) {
  PrintReport(*report, flags.publish(), flags.most_lines());
  if (const absl::Status status = PassGate(flags, snapshot); !status.ok()) return status;
  return report->corpus.IsWhole() ? 0 : kExitSkipped;
}

absl::StatusOr<int> RunBuild(Flags& flags) {
  flags.build.kb = flags.kb;
  flags.build.publish = flags.publish();
  const absl::StatusOr<BuildReport> report = Build(flags.build, TerminalProgress());
  if (!report.ok()) return report.status();
  return Finish(report, report->snapshot, flags);
}

absl::StatusOr<int> RunUpdate(Flags& flags) {
  flags.update.kb = flags.kb;
  flags.update.publish = flags.publish();
  const absl::StatusOr<UpdateReport> report = Update(flags.update, TerminalProgress());
  if (!report.ok()) return report.status();
  return Finish(report, report->change.snapshot, flags);
}

absl::StatusOr<int> RunLint(Flags& flags) {
  if (!flags.access.empty()) {
    ASSIGN_OR_RETURN(const std::string toml, ReadFile(flags.access));
    ASSIGN_OR_RETURN_IN(flags.lint.known_labels, ReadKnownLabels(toml), flags.access);
  }
  ASSIGN_OR_RETURN(const LintReport report, LintCorpus(flags.lint));
  std::fputs(FormatLintReport(report, flags.most_lines()).c_str(), stdout);
  return report.LosesContent() ? kExitSkipped : 0;
}

absl::StatusOr<int> RunSelftest(const Flags& flags) {
  ASSIGN_OR_RETURN(const SelftestReport report,
                   RunEmbedderSelftest(flags.tried.model, flags.tried.transformer,
                                       absl::Seconds(flags.selftest_seconds)));
  std::fputs(FormatSelftestReport(report).c_str(), stdout);
  return report.passed() ? 0 : kExitFailed;
}

absl::StatusOr<int> RunEmbed(const Flags& flags) {
  ASSIGN_OR_RETURN(const PreparedEmbedder prepared, PrepareEmbedder(flags.shown));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.lines));
  ASSIGN_OR_RETURN(
      const EmbeddedLines embedded,
      EmbedLines(*prepared.embedder, text, flags.as_queries ? LineRole::kQuery : LineRole::kPassage,
                 flags.rounds));
  std::fputs(embedded.vectors.c_str(), stdout);
  std::fprintf(stderr, "%zu lines, %.6f s (median of %d)\n", embedded.lines,
               absl::ToDoubleSeconds(embedded.median), flags.rounds);
  return 0;
}

absl::StatusOr<int> RunPublish(const Flags& flags) {
  const Judge judge =
      flags.gate.empty()
          ? Judge()
          : GateJudge({.kb = flags.kb, .gate = flags.gate, .policykb = flags.policykb});
  const absl::StatusOr<std::string> id = PublishExisting(flags.kb, flags.snapshot, judge);
  if (!id.ok()) return id.status();
  std::printf("published: %s\n", id->c_str());
  return 0;
}

// Prints `report` unless it is an error.
template <typename Report, typename... More>
absl::StatusOr<int> Printed(const absl::StatusOr<Report>& report, More... more) {
  if (!report.ok()) return report.status();
  PrintReport(*report, more...);
  return 0;
}

absl::StatusOr<int> Named(const char* what, const absl::StatusOr<std::string>& id) {
  if (!id.ok()) return id.status();
  std::printf("%s: %s\n", what, id->c_str());
  return 0;
}

absl::StatusOr<int> Run(const CLI::App& app, Flags& flags) {
  if (app.got_subcommand("build")) return RunBuild(flags);
  if (app.got_subcommand("update")) return RunUpdate(flags);
  if (app.got_subcommand("lint")) return RunLint(flags);
  if (app.got_subcommand("embed")) return RunEmbed(flags);
  if (app.got_subcommand("embedder-selftest")) return RunSelftest(flags);
  if (app.got_subcommand("publish")) return RunPublish(flags);
  if (app.got_subcommand("withdraw")) {
    const Withdrawal direction = flags.readmit ? Withdrawal::kReadmit : Withdrawal::kWithdraw;
    return Printed(Withdraw(flags.kb, flags.documents, direction, Publish::kNow), Publish::kNow);
  }
  if (app.got_subcommand("compact"))
    return Printed(Compact(flags.kb, Publish::kNow, TerminalProgress()), Publish::kNow);
  if (app.got_subcommand("rollback")) return Named("live", RollBack(flags.kb, flags.snapshot));
  if (app.got_subcommand("list")) return Printed(List(flags.kb));
  if (app.got_subcommand("verify")) return Named("whole", Verify(flags.kb, flags.snapshot));
  return Printed(Prune(flags.kb, flags.keep));
}

int Main(int argc, char** argv) {
  CLI::App app(
      "policykb-indexer: turns a folder of policy documents into searchable snapshots. Exit codes: "
      "0 done, 1 failed, 2 wrong options, 4 done without what could not be read or cannot be true");
  app.require_subcommand(1);
  app.set_version_flag("--version", VersionLine("policykb-indexer"));
  app.set_config("--config", "", "INI or TOML file with the options below");
  Flags flags;
  DefineBuildAndUpdate(app, flags);
  DefineLint(app, flags);
  DefineSelftest(app, flags);
  DefineEmbed(app, flags);
  DefineMaintenance(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "policykb-indexer: %s (--help lists the options)\n", error.what());
    return kExitUsage;
  }
  if (flags.build.embedder.dimension % 64 != 0) {
    std::fprintf(stderr, "policykb-indexer: --dimension %d, expected a multiple of 64\n",
                 flags.build.embedder.dimension);
    return kExitUsage;
  }
  const absl::StatusOr<int> code = Run(app, flags);
  if (code.ok()) return *code;
  std::fprintf(stderr, "policykb-indexer: %s: %s\n",
               absl::StatusCodeToString(code.status().code()).c_str(),
               std::string(code.status().message()).c_str());
  return kExitFailed;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
