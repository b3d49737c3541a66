#include "tools/bench_command.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/bench_base.h"
#include "tools/bench_gateway.h"
#include "tools/bench_report.h"
#include "tools/bench_vectors.h"
#include "tools/load_report.h"
#include "tools/printing.h"

namespace policykb {

namespace {

// A folder that goes with the object.
class TemporaryFolder {
 public:
  static absl::StatusOr<std::unique_ptr<TemporaryFolder>> Make() {
    std::error_code unknown;
    const std::filesystem::path temporary = std::filesystem::temp_directory_path(unknown);
    std::string path = JoinPath(temporary.string(), "policykb-bench-XXXXXX");
    if (::mkdtemp(path.data()) == nullptr)
      return absl::PermissionDeniedError(Cat(path, ": mkdtemp: ", std::strerror(errno)));
    return std::make_unique<TemporaryFolder>(std::move(path));
  }
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  ~TemporaryFolder() { RemoveAll(path_).IgnoreError(); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

absl::StatusOr<std::vector<BenchedSize>> BenchSizes(const BenchCommand& command) {
  if (!command.measure.kb.empty() || !command.measure.retriever.empty()) {
    return absl::InvalidArgumentError(
        "bench: expected either a base to make or one of --kb and --retriever");
  }
  if (command.from.empty())
    return absl::InvalidArgumentError("--make, --sizes: expected together with --from DIR");
  std::unique_ptr<TemporaryFolder> temporary;
  if (command.work.empty()) {
    ASSIGN_OR_RETURN(temporary, TemporaryFolder::Make());
  }
  std::vector<BenchedSize> sizes;
  for (const uint64_t passages : command.sizes) {
    const std::string folder =
        JoinPath(temporary ? temporary->path() : command.work, Cat("passages-", passages));
    BenchedSize size;
    ASSIGN_OR_RETURN(
        size.base,
        MakeBenchBase(
            {.from = command.from, .folder = folder, .passages = passages, .indexer = ""}));
    BenchOptions measure = command.measure;
    measure.kb = size.base.kb;
    ASSIGN_OR_RETURN(size.report, Bench(measure));
    sizes.push_back(std::move(size));
    if (temporary) RETURN_IF_ERROR(RemoveAll(folder));
  }
  return sizes;
}

}  // namespace

absl::Status RunBench(const BenchCommand& command, OutputForm form) {
  const bool json = form == OutputForm::kJson;
  if (command.vectors && !command.sizes.empty())
    return absl::InvalidArgumentError("--vectors: expected without --make and --sizes");
  const bool load = command.load.capacity || !command.load.rates.empty();
  if (load && (command.measure.retriever.empty() || command.vectors || !command.sizes.empty())) {
    return absl::InvalidArgumentError(
        "--rate, --capacity: expected together with --retriever, and nothing else to measure");
  }
  if (!command.gateway.empty()) {
    if (load || command.vectors || !command.sizes.empty() || !command.measure.kb.empty() ||
        !command.measure.retriever.empty()) {
      return absl::InvalidArgumentError("--gateway: expected with nothing else to measure");
    }
    ASSIGN_OR_RETURN(const GatewayBenchReport report,
                     BenchGateway(command.gateway, command.measure));
    Print(json ? GatewayBenchJson(report) : GatewayBenchText(report, command.measure));
    return absl::OkStatus();
  }
  if (load) {
    ASSIGN_OR_RETURN(const LoadReport report, MeasureLoad(command.load, command.measure));
    Print(json ? LoadReportJson(report, command.load) : LoadReportText(report, command.load));
    return absl::OkStatus();
  }
  if (command.sizes.empty()) {
    if (!command.from.empty() || !command.work.empty()) {
      return absl::InvalidArgumentError("--from, --work: expected together with --make or --sizes");
    }
    if (command.vectors) {
      ASSIGN_OR_RETURN(const VectorBenchReport report, BenchVectors(command.measure));
      Print(json ? VectorBenchJson(report, command.measure)
                 : VectorBenchText(report, command.measure));
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const BenchReport report, Bench(command.measure));
    Print(json ? BenchReportJson(report, command.measure)
               : BenchReportText(report, command.measure));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<BenchedSize> sizes, BenchSizes(command));
  Print(json ? BenchSizesJson(sizes, command.measure) : BenchSizesText(sizes, command.measure));
  return absl::OkStatus();
}

}  // namespace policykb
