#include "indexer/embedder_flags.h"

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace policykb {

void AddModelOptions(CLI::App& command, EmbedderChoice& choice) {
  TransformerOptions& options = choice.transformer;
  command.add_option(
      "--model", choice.model,
      "folder of the model (config.json, model.safetensors, tokenizer); for http the "
      "name that the server knows");
  command
      .add_option_function<std::string>(
          "--casing",
          [&options](const std::string& name) {
            options.casing = name == "lower"  ? Casing::kLower
                             : name == "keep" ? Casing::kKeep
                                              : Casing::kAsModel;
          },
          "whether capitals are lowered: as-model; lower, for vocabularies without capitals whose "
          "files say otherwise (bge-small-zh-v1.5); keep. Default: as-model")
      ->check(CLI::IsMember({"as-model", "lower", "keep"}));
  command
      .add_option(
          "--max-tokens", options.most_tokens,
          "tokens of a text that are read, when fewer than the model allows; 0: the model's")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command
      .add_option("--workers", options.workers,
                  "threads that compute vectors of passages; 0: one for each core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

void AddEmbedderOptions(CLI::App& command, EmbedderChoice& choice) {
  command
      .add_option(
          "--embedder", choice.kind,
          "corpus (trained here), transformer (a model of the BERT or XLM-R family, computed "
          "here), static (a table of token vectors), http (an OpenAI-compatible server). "
          "Default: corpus")
      ->transform(CLI::CheckedTransformer(std::map<std::string, EmbedderKind>{
                                              {"corpus", EmbedderKind::kCorpus},
                                              {"transformer", EmbedderKind::kTransformer},
                                              {"static", EmbedderKind::kStatic},
                                              {"http", EmbedderKind::kHttp}})
                      .description("{corpus,transformer,static,http}"));
  AddModelOptions(command, choice);
  TransformerOptions& options = choice.transformer;
  command
      .add_option_function<std::string>(
          "--precision",
          [&options](const std::string& name) {
            options.precision = name == "f32"    ? Precision::kF32
                                : name == "bf16" ? Precision::kBf16
                                                 : Precision::kInt8;
          },
          "f32, bf16, int8; default: bf16 where the CPU has it, else f32 (embedder-selftest "
          "compares "
          "them)")
      ->check(CLI::IsMember({"f32", "bf16", "int8"}));
  command.add_option_function<std::string>(
      "--query-prefix", [&options](const std::string& text) { options.query_prefix = text; },
      "text before every query; default: what the model's files say");
  command.add_option_function<std::string>(
      "--passage-prefix", [&options](const std::string& text) { options.passage_prefix = text; },
      "text before every passage; default: what the model's files say");
  command.add_option("--embedding-url", choice.url,
                     "http: address of the server, with or without /v1");
  command.add_option("--embedding-key-file", choice.key_file,
                     "http: file with the key; its path is kept, the key never. The environment "
                     "variable POLICYKB_EMBEDDING_KEY wins");
}

}  // namespace policykb
