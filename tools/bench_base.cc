#include "tools/bench_base.h"

#include "absl/time/clock.h"
#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/corpus_maker.h"

namespace policykb {

namespace {

constexpr const char* kIndexer = "policykb-indexer";
// Its exit code when all is indexed but what could not be read: among thousands of real documents
// there is one.
constexpr int kDoneWithoutSome = 4;

}  // namespace

absl::StatusOr<BenchBase> MakeBenchBase(const BenchBaseOptions& options) {
  const std::string corpus = JoinPath(options.folder, "corpus");
  BenchBase base;
  base.kb = JoinPath(options.folder, "kb");
  RETURN_IF_ERROR(
      MakeCorpus({.from = options.from, .to = corpus, .articles = options.passages}).status());
  ChildCommand command;
  command.program = options.indexer.empty() ? BesideThisProgram(kIndexer) : options.indexer;
  command.arguments = {"build", "--corpus", corpus, "--kb", base.kb};
  // Our own program: millions of passages take their time and their memory.
  command.limits = {.wall_clock = absl::Hours(6),
                    .cpu_seconds = uint64_t{12} * 3600,
                    .memory_bytes = UINT64_MAX,
                    .file_bytes = UINT64_MAX,
                    .open_files = 65536};
  const absl::Time begun = absl::Now();
  ASSIGN_OR_RETURN(const ChildResult result, RunChild(command));
  base.build_seconds = absl::ToDoubleSeconds(absl::Now() - begun);
  if (result.exit_code != 0 && result.exit_code != kDoneWithoutSome) {
    return absl::UnavailableError(
        Cat(command.program, " build of ", corpus, ": ", result.last_error));
  }
  ASSIGN_OR_RETURN(base.kb_bytes, TreeSize(base.kb));
  return base;
}

}  // namespace policykb
