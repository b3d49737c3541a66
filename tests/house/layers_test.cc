// Who may include what. The two tables are those of ARCHITECTURE.md; a change is made in both.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "tests/house/source_file.h"

namespace policykb {
namespace {

using ::testing::IsEmpty;

constexpr std::string_view kAnything = "*";

// A folder and what of ours its files may include besides each other. The longest folder that holds
// a file counts.
struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;  // folders, files, or kAnything
};

const std::vector<Layer>& Layers() {
  static const std::vector<Layer> layers = {
      {"core/base", {}},
      {"core/log", {"core/base", "core/text"}},
      {"core/http", {"core/base"}},
      {"core/text", {"core/base"}},
      {"core/embedding", {"core/base", "core/http", "core/text"}},
      {"core/embedding/tokenizer", {"core/base", "core/text"}},
      {"core/embedding/transformer",
       {"core/base", "core/text", "core/embedding/embedder.h", "core/embedding/tokenizer"}},
      {"core/snapshot",
       {"core/base", "core/rocksdb", "core/text", "core/embedding", "policykb/snapshot/v1"}},
      {"core/rocksdb", {"core/base"}},
      {"core/rpc",
       {"core/base", "core/log", "core/text", "core/toml", "policykb/v1/admin_service.grpc.pb.h"}},
      {"core/toml", {"core/base"}},
      {"indexer/readers", {"core/base", "core/text"}},
      {"indexer/structure",
       {"core/base", "core/text", "core/toml", "core/snapshot/records.h", "indexer/readers"}},
      {"indexer", {"core/base", "core/text", "core/toml", "core/embedding", "core/snapshot"}},
      {"retriever", {"core", "policykb/v1"}},
      {"generator/feedback",
       {"core/base", "core/rocksdb", "core/text", "policykb/feedback/v1", "policykb/v1"}},
      {"generator/gateway", {"core/base", "core/log", "core/text", "core/rpc", "policykb/v1"}},
      {"generator",
       {"core/base", "core/http", "core/log", "core/text", "core/rpc", "policykb/feedback/v1",
        "policykb/v1"}},
      {"tools", {kAnything}},
      {"tests", {kAnything}},
  };
  return layers;
}

// A library, the beginnings of its headers' names, and the only files that may include them.
struct Wall {
  std::string_view library;
  std::vector<std::string_view> headers;
  std::vector<std::string_view> files;
};

const std::vector<Wall>& Walls() {
  static const std::vector<Wall> walls = {
      {"CLI11",
       {"CLI/"},
       {"core/rpc/flags.cc", "core/rpc/server_program.cc", "indexer/embedder_flags.cc",
        "indexer/main.cc", "retriever/main.cc", "generator/answer_flags.cc",
        "generator/gateway/main.cc", "generator/main.cc", "tools/access_flags.cc",
        "tools/bench_flags.cc", "tools/kiosk_example/main.cc", "tools/main.cc",
        "tools/mcp_flags.cc"}},
      {"cpp-httplib", {"httplib"}, {"core/rpc/metrics_server.cc"}},
      {"FAISS", {"faiss/"}, {"core/snapshot/vector_factory.cc", "core/snapshot/vector_graph.cc"}},
      {"Google Benchmark",
       {"benchmark/"},
       {"tests/benchmarks/embedder_benchmark.cc", "tests/benchmarks/encoder_benchmark.cc",
        "tests/benchmarks/kernels_benchmark.cc", "tests/benchmarks/lexical_benchmark.cc"}},
      {"ICU",
       {"unicode/"},
       {"core/text/analyzer.cc", "core/text/encoding.cc", "core/text/normalize.cc",
        "core/text/unicode_properties.cc"}},
      {"google.rpc messages", {"google/rpc/"}, {"core/rpc/status_conversion.cc"}},
      {"libcurl", {"curl/"}, {"core/http/http_client.cc"}},
      {"libxml2", {"libxml/"}, {"indexer/readers/html_tree.cc", "indexer/readers/xml_reader.cc"}},
      {"libzip", {"zip.h", "zipconf.h"}, {"indexer/readers/zip_archive.cc"}},
      {"nlohmann-json",
       {"nlohmann/"},
       {"core/embedding/embedder_description.cc",
        "core/embedding/embeddings_protocol.cc",
        "core/embedding/tokenizer/open_tokenizer.cc",
        "core/embedding/tokenizer/tokenizer_json.cc",
        "core/embedding/transformer/model_config.cc",
        "core/embedding/transformer/safetensors.cc",
        "generator/chat_protocol.cc",
        "generator/gateway/mcp_protocol.cc",
        "generator/gateway/mcp_tools.cc",
        "generator/gateway/message_reader.cc",
        "generator/gateway/openai_messages.cc",
        "generator/gateway/openapi.cc",
        "indexer/question_lines.cc",
        "tests/embedding/tokenizer/published_tokenizers_evaluation_test.cc",
        "tests/embedding/transformer/reference_evaluation_test.cc",
        "tests/fuzz/log_line_fuzz.cc",
        "tests/gateway/openapi_test.cc",
        "tests/log/log_line_test.cc",
        "tests/log/logger_test.cc",
        "tools/bench_report.cc",
        "tools/diff_report.cc",
        "tools/evaluate_report.cc",
        "tools/gate_report.cc",
        "tools/load_report.cc",
        "tools/status_report.cc",
        "tools/topics.cc"}},
      {"nghttp2", {"nghttp2/"}, {"tools/unary_caller.cc"}},
      {"oneDNN", {"oneapi/", "dnnl"}, {"core/embedding/transformer/packed_matrix.cc"}},
      {"OpenSSL",
       {"openssl/"},
       {"core/rpc/api_key.cc", "core/rpc/keyed_hash.cc", "core/rpc/tls.cc",
        "generator/gateway/server_tls.cc", "tests/gateway/tls_test.cc",
        "tests/testing/certificates.cc", "tools/byte_stream.cc"}},
      {"Boost",
       {"boost/"},
       {"generator/gateway/http_parser.cc", "generator/gateway/http_server.cc"}},
      {"OpenBLAS", {"cblas", "lapack", "openblas"}, {"core/embedding/linear_algebra.cc"}},
      {"prometheus-cpp", {"prometheus/"}, {"core/rpc/metrics.cc"}},
      {"RocksDB",
       {"rocksdb/"},
       {"core/snapshot/record_store.cc", "core/rocksdb/rocksdb_log.cc",
        "core/snapshot/vector_cache.cc", "generator/feedback/feedback_store.cc"}},
      {"sentencepiece",
       {"sentencepiece"},
       {"core/embedding/sentencepiece_wall.cc",
        "core/embedding/tokenizer/sentencepiece_tokenizer.cc"}},
      {"spdlog", {"spdlog/"}, {"core/log/logger.cc"}},
      {"toml++", {"toml++/"}, {"core/toml/toml.cc"}},
      {"xxHash", {"xxhash"}, {"core/base/checksum.cc"}},
      {"yaml-cpp", {"yaml-cpp/"}, {"indexer/readers/front_matter.cc"}},
  };
  return walls;
}

// The first path components of what is ours.
bool IsOurs(std::string_view target) {
  for (const std::string_view root :
       {"core", "indexer", "retriever", "generator", "tools", "tests", "policykb"}) {
    if (IsIn(target, root)) return true;
  }
  return false;
}

const Layer* LayerOf(std::string_view path) {
  const Layer* best = nullptr;
  for (const Layer& layer : Layers()) {
    if (IsIn(path, layer.folder) && (best == nullptr || layer.folder.size() > best->folder.size()))
      best = &layer;
  }
  return best;
}

bool MayInclude(const Layer& layer, std::string_view target) {
  if (LayerOf(target) == &layer) return true;
  // A folder may use those below it.
  if (IsIn(target, layer.folder)) return true;
  for (const std::string_view place : layer.may_include) {
    if (place == kAnything || IsIn(target, place)) return true;
  }
  return false;
}

TEST(LayersTest, EveryFileBelongsToALayer) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    if (LayerOf(source.path) == nullptr) violations.push_back(source.path);
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(LayersTest, IncludesFollowTheTableOfLayers) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    const Layer* layer = LayerOf(source.path);
    if (layer == nullptr) continue;
    for (const Include& include : Includes(source.text)) {
      if (!IsOurs(include.target) || MayInclude(*layer, include.target)) continue;
      violations.push_back(Cat(source.path, ":", include.line, " includes ", include.target));
    }
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(LayersTest, OurOwnHeadersAreIncludedFromTheRootInQuotes) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    for (const Include& include : Includes(source.text)) {
      const bool relative = !include.angle && include.target.find('/') == std::string::npos;
      if (relative || include.target.starts_with(".") ||
          (include.angle && IsOurs(include.target))) {
        violations.push_back(Cat(source.path, ":", include.line, " includes ", include.target));
      }
    }
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(LayersTest, LibrariesStayBehindTheirWalls) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    for (const Include& include : Includes(source.text)) {
      for (const Wall& wall : Walls()) {
        bool of_library = false;
        for (const std::string_view header : wall.headers)
          of_library |= include.target.starts_with(header);
        bool allowed = false;
        for (const std::string_view file : wall.files) allowed |= source.path == file;
        if (of_library && !allowed) {
          violations.push_back(Cat(source.path, ":", include.line, " includes ", include.target));
        }
      }
    }
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(LayersTest, WallsAreTight) {
  std::vector<std::string> unused;
  const std::vector<SourceFile> sources = ReadSources();
  for (const Wall& wall : Walls()) {
    for (const std::string_view file : wall.files) {
      EXPECT_FALSE(file.ends_with(".h")) << file;
      bool used = false;
      for (const SourceFile& source : sources) {
        if (source.path != file) continue;
        for (const Include& include : Includes(source.text)) {
          for (const std::string_view header : wall.headers)
            used |= include.target.starts_with(header);
        }
      }
      if (!used) unused.push_back(Cat(wall.library, ": ", file));
    }
  }
  EXPECT_THAT(unused, IsEmpty());
}

TEST(LayersTest, TheTableTellsDownFromUp) {
  const auto may = [](std::string_view path, std::string_view target) {
    return MayInclude(*LayerOf(path), target);
  };
  EXPECT_TRUE(may("core/text/a.cc", "core/base/files.h"));
  EXPECT_FALSE(may("core/base/a.cc", "core/text/utf8.h"));
  EXPECT_TRUE(may("indexer/structure/a.cc", "core/snapshot/records.h"));
  EXPECT_FALSE(may("indexer/structure/a.cc", "core/snapshot/snapshot.h"));
  EXPECT_TRUE(may("indexer/pipeline.cc", "indexer/structure/parse_file.h"));
  EXPECT_FALSE(may("indexer/readers/a.cc", "indexer/structure/parse_file.h"));
  EXPECT_FALSE(may("indexer/pipeline.cc", "policykb/snapshot/v1/records.pb.h"));
  EXPECT_FALSE(may("generator/a.cc", "core/snapshot/records.h"));
  EXPECT_FALSE(may("generator/a.cc", "retriever/searcher.h"));
  EXPECT_TRUE(may("tools/main.cc", "retriever/searcher.h"));
}

}  // namespace
}  // namespace policykb
