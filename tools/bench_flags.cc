#include "tools/bench_flags.h"

#include <CLI/CLI.hpp>
#include <cstdint>

#include "core/rpc/flags.h"

namespace policykb {

namespace {

void AddLoadOptions(CLI::App& bench, LoadOptions& load) {
  bench
      .add_option("--rate", load.rates,
                  "searches per second to send to --retriever at their own times, whether or not "
                  "earlier ones are answered; several one after the other")
      ->delimiter(',')
      ->check(CLI::Range(0.1, 1e6));
  bench.add_flag("--capacity", load.capacity,
                 "find the highest such rate that --retriever keeps up with, and send five times "
                 "as much");
  bench.add_option("--seconds", load.seconds, "how long each rate is sent")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  bench.add_option("--deadline-ms", load.deadline_ms, "deadline of each search of a rate")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  bench
      .add_option("--p99-ms", load.p99_ms,
                  "with --capacity: the p99 that searches must keep to, milliseconds")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  bench.add_flag_callback(
      "--even", [&load] { load.arrivals = Arrivals::kEven; },
      "send a rate at equal distances, not by chance");
}

}  // namespace

void AddBenchOptions(CLI::App& bench, BenchCommand& command) {
  BenchOptions& options = command.measure;
  bench.add_option("--kb", options.kb, "folder of a knowledge base, in process");
  bench.add_option("--snapshot", options.snapshot,
                   "id of a snapshot, published or not, with --kb; default the live one");
  bench.add_option("--retriever", options.retriever, "host:port of a running policykb-retriever");
  bench.add_option("--gateway", command.gateway,
                   "http://host:port of a running policykb-gateway: searches, or with --answers "
                   "streamed answers, by --threads callers at once");
  AddChannelOptions(bench, "", options.channel);
  bench
      .add_option("--sizes", command.sizes,
                  "make bases of about so many passages each, and measure one after the other")
      ->delimiter(',')
      ->check(CLI::Range(1, 100000000));
  bench
      .add_option_function<uint64_t>(
          "--make", [&command](const uint64_t& size) { command.sizes.push_back(size); },
          "the same as --sizes with one size")
      ->check(CLI::Range(1, 100000000));
  bench.add_option("--from", command.from,
                   "with --sizes: folders with documents (.md, .txt) to make them from");
  bench.add_option("--work", command.work,
                   "with --sizes: folder to make them in and keep them; default a temporary one");
  bench.add_flag(
      "--vectors", command.vectors,
      "measure the vector indexes alone, under filters of several sizes, and how many of "
      "the k nearest they find; with --kb");
  bench.add_option("--topics", options.topics, "JSON lines {_id, text}")->required();
  bench.add_option("--k", options.k, "passages at the most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  bench.add_option("--repeats", options.repeats, "measured passes over the topics")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  bench.add_option("--threads", options.threads, "callers at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  bench.add_flag("--stages", options.stages,
                 "search once more, one at a time, and say what each stage takes; in process");
  bench.add_flag(
      "--answers", options.answers,
      "also answer the questions without a model, one at a time, and say what that takes "
      "beyond searching");
  AddLoadOptions(bench, command.load);
}

}  // namespace policykb
