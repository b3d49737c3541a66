// policykb-indexer: builds the knowledge base offline.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>

#include "core/base/strings.h"
#include "indexer/pipeline.h"

namespace policykb {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

// A bar that is redrawn on a terminal; a line at the end of each stage elsewhere.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(bool terminal) : terminal_(terminal) {}

  void operator()(std::string_view stage, double fraction) {
    const int percent = static_cast<int>(fraction * 100);
    if (stage == stage_ && percent == percent_) return;
    stage_ = stage;
    percent_ = percent;
    if (terminal_) {
      constexpr int kWidth = 30;
      const int filled = percent * kWidth / 100;
      std::fprintf(stderr, "\r%-16s [%s%s] %3d%%%s", stage_.c_str(),
                   std::string(static_cast<size_t>(filled), '=').c_str(),
                   std::string(static_cast<size_t>(kWidth - filled), ' ').c_str(), percent,
                   fraction >= 1 ? "\n" : "");
      std::fflush(stderr);
    } else if (fraction >= 1) {
      std::fprintf(stderr, "%s: done\n", stage_.c_str());
    }
  }

 private:
  bool terminal_;
  std::string stage_;
  int percent_ = -1;
};

void PrintReport(const BuildReport& report, size_t most_lines) {
  const auto print_list = [most_lines](const char* what, size_t count, const auto& line) {
    if (count == 0) return;
    std::printf("%s: %zu\n", what, count);
    for (size_t i = 0; i < count && i < most_lines; ++i) std::printf("  %s\n", line(i).c_str());
    if (count > most_lines)
      std::printf("  and %zu more (--list-all names them)\n", count - most_lines);
  };
  print_list("not read (other format)", report.unread.size(),
             [&](size_t i) { return report.unread[i].path; });
  print_list("skipped", report.skipped.size(),
             [&](size_t i) { return Cat(report.skipped[i].path, ": ", report.skipped[i].reason); });
  print_list("warnings", report.warnings.size(), [&](size_t i) { return report.warnings[i]; });
  std::printf("documents: %llu\npassages: %llu\n",
              static_cast<unsigned long long>(report.documents),
              static_cast<unsigned long long>(report.passages));
  std::printf("bytes read: %llu\nbytes written: %llu\n",
              static_cast<unsigned long long>(report.corpus_bytes),
              static_cast<unsigned long long>(report.snapshot_bytes));
  double total = 0;
  std::printf("seconds:");
  for (const auto& [stage, seconds] : report.stage_seconds) {
    std::printf(" %s %.2f,", stage.c_str(), seconds);
    total += seconds;
  }
  std::printf(" total %.2f\n", total);
  std::printf("content digest: %s\npublished: %s\n", report.content_digest.c_str(),
              report.snapshot.c_str());
}

int Main(int argc, char** argv) {
  CLI::App app("policykb-indexer: turns a folder of policy documents into a searchable snapshot");
  app.require_subcommand(1);
  app.set_config("--config", "", "INI or TOML file with the options below");
  BuildOptions options;
  bool list_all = false;
  CLI::App* build =
      app.add_subcommand("build", "reads all of a corpus, indexes it and publishes the snapshot");
  build
      ->add_option("--corpus", options.corpus,
                   "folder with the documents (.md, .markdown, .txt), read recursively")
      ->required();
  build->add_option("--kb", options.kb, "folder of the knowledge base, made where missing")
      ->required();
  build
      ->add_option("--dimension", options.embedder.dimension,
                   "components of the trained vectors, a multiple of 64")
      ->check(CLI::Range(64, 1024))
      ->capture_default_str();
  build
      ->add_option("--vocabulary", options.embedder.vocabulary,
                   "pieces of the trained vocabulary at the most")
      ->check(CLI::Range(100, 200000))
      ->capture_default_str();
  build->add_option("--threads", options.threads, "threads that parse files")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  build->add_flag("--list-all", list_all,
                  "name every skipped file and warning, not the first 20 of each");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "policykb-indexer: %s (--help lists the options)\n", error.what());
    return kExitUsage;
  }
  if (options.embedder.dimension % 64 != 0) {
    std::fprintf(stderr, "policykb-indexer: --dimension %d, expected a multiple of 64\n",
                 options.embedder.dimension);
    return kExitUsage;
  }
  const absl::StatusOr<BuildReport> report =
      Build(options, ProgressPrinter(::isatty(STDERR_FILENO) == 1));
  if (!report.ok()) {
    std::fprintf(stderr, "policykb-indexer: %s: %s\n",
                 absl::StatusCodeToString(report.status().code()).c_str(),
                 std::string(report.status().message()).c_str());
    return kExitFailed;
  }
  PrintReport(*report, list_all ? SIZE_MAX : 20);
  return 0;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
