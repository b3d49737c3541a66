// What a transformer embedder holds in memory with one worker and with two: a process of its own
// for each precision and number of workers opens the model, embeds passages of 128 tokens and reads
// what the system says of it.
//
// embedder_memory [MODEL_FOLDER]; without one, a model of the bge-small shape with random weights.
// Exit code 1 when a process holds more than it may, pages of the mapped model file included: 1.2
// times the packed weights and 64 MB.

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/transformer_embedder.h"
#include "tests/testing/model_files.h"

namespace policykb {
namespace {

constexpr double kMb = 1e6;
constexpr double kMostOverWeights = 1.2;
constexpr double kMostBesidesMb = 64;
constexpr size_t kPassages = 512;

// A line of /proc/self/status, in MB.
double StatusMb(std::string_view name) {
  const auto status = ReadFile("/proc/self/status", 1 << 16);
  if (!status.ok()) return 0;
  for (const std::string_view line : Split(*status, '\n')) {
    if (line.starts_with(name))
      return std::strtod(std::string(line.substr(name.size())).c_str(), nullptr) * 1024 / kMb;
  }
  return 0;
}

// MB of pages of the file that are in memory.
double MappedMb(std::string_view file) {
  const auto maps = ReadFile("/proc/self/smaps", 64 << 20);
  if (!maps.ok()) return 0;
  double mb = 0;
  bool of_file = false;
  for (const std::string_view line : Split(*maps, '\n')) {
    const bool begins_mapping = line.find('-') < line.find(' ') && line.find(':') > line.find(' ');
    if (begins_mapping) of_file = line.ends_with(file);
    if (of_file && line.starts_with("Rss:"))
      mb += std::strtod(std::string(line.substr(4)).c_str(), nullptr) * 1024 / kMb;
  }
  return mb;
}

int MeasureOne(const std::string& folder, Precision precision, size_t workers) {
  TransformerOptions options;
  options.precision = precision;
  options.workers = workers;
  const auto embedder = TransformerEmbedder::Open(folder, options);
  if (!embedder.ok()) {
    std::fprintf(stderr, "%s\n", std::string(embedder.status().message()).c_str());
    return 2;
  }
  // A token for each character, and the two at the ends.
  std::string text;
  for (int i = 0; i < 126; ++i) text += "法";
  const std::vector<std::string_view> texts(kPassages, text);
  if (!(*embedder)->EmbedPassages(texts).ok()) return 2;
  const double packed = static_cast<double>((*embedder)->model().encoder().packed_bytes()) / kMb;
  const double resident = StatusMb("VmRSS:");
  const double mapped = MappedMb("model.safetensors");
  const double most = kMostOverWeights * packed + kMostBesidesMb;
  const bool within = resident <= most;
  std::printf("%-5s %7zu %9.1f %10.1f %9.1f %9.1f  %s\n", std::string(NameOf(precision)).c_str(),
              workers, packed, resident, mapped, most, within ? "ok" : "TOO MUCH");
  std::fflush(stdout);
  return within ? 0 : 1;
}

int Main(std::string folder) {
  std::string temporary =
      JoinPath(std::filesystem::temp_directory_path().string(), "policykb_memory_XXXXXX");
  if (folder.empty()) {
    if (::mkdtemp(temporary.data()) == nullptr) return 2;
    folder = temporary;
    // In a process of its own as well, so that none of the weights stay in this one.
    if (const pid_t child = ::fork(); child == 0) {
      WriteRandomModel(
          {.hidden = 512, .layers = 4, .heads = 8, .intermediate = 2048, .positions = 512}, folder);
      ::_exit(0);
    } else {
      ::waitpid(child, nullptr, 0);
    }
  }
  std::printf("MB    workers    packed   resident of a file       may\n");
  std::fflush(stdout);
  int worst = 0;
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (!IsFast(precision)) continue;
    for (const size_t workers : {size_t{1}, size_t{2}}) {
      const pid_t child = ::fork();
      if (child == 0) ::_exit(MeasureOne(folder, precision, workers));
      int status = 0;
      ::waitpid(child, &status, 0);
      worst = std::max(worst, WIFEXITED(status) ? WEXITSTATUS(status) : 2);
    }
  }
  if (folder == temporary) RemoveAll(folder).IgnoreError();
  return worst;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc > 1 ? argv[1] : ""); }
