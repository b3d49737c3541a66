#include "generator/answer_flags.h"

#include <CLI/CLI.hpp>

#include "core/base/strings.h"

namespace policykb {

void AddAnswerOptions(CLI::App& command, AnswerSettings& settings) {
  command.add_option("--model-url", settings.model_url,
                     "Base URL of an OpenAI-compatible server; none: answers quote the passages");
  command.add_option("--model", settings.model, "Name of the model, as its server knows it");
  command.add_option(
      "--model-key-file", settings.model_key_file,
      "File with the server's key; else the environment variable POLICYKB_MODEL_KEY");
  command
      .add_option(
          "--model-reasoning", settings.model_reasoning,
          "auto: hold text back until it cannot be reasoning; none: the model does not reason")
      ->check(CLI::IsMember({"auto", "none"}))
      ->capture_default_str();
  command
      .add_option("--model-family", settings.model_family,
                  "Whose tokens the model counts: deepseek, qwen, llama, unknown (a token a byte); "
                  "auto: by its name")
      ->check(CLI::IsMember({"auto", "deepseek", "qwen", "llama", "unknown"}))
      ->capture_default_str();
  command.add_option(
      "--model-proxy", settings.model_proxy,
      "HTTP proxy for the model server, never for loopback; else as the environment says");
  command.add_option("--model-ca-file", settings.model_ca_file,
                     "PEM file of the certificates to trust for https; else those of the system");
  command
      .add_option("--model-max-tokens", settings.max_tokens,
                  "Tokens a reply may have, reasoning included, 64 to 65536")
      ->check(CLI::Range(64, 65536))
      ->capture_default_str();
  command.add_flag("--no-model-stream{false}", settings.model_stream,
                   "Ask for whole replies, for a server that cannot stream");
  command.add_flag("--no-model-usage{false}", settings.model_usage,
                   "Do not ask streams for their usage, for a server that refuses stream_options");
  command
      .add_option("--prompt-dir", settings.prompt_dir,
                  "Folder with prompts of one's own; those it does not have are as shipped")
      ->check(CLI::ExistingDirectory);
  command
      .add_option(
          "--prompt-tokens", settings.prompt_tokens,
          "Tokens a prompt may have by a safe estimate, below the context of the server less "
          "the reply, 2000 to 1000000")
      ->check(CLI::Range(2000, 1000000))
      ->capture_default_str();
  command
      .add_option(
          "--grounding", settings.grounding,
          "What becomes of sentences that no passage bears: strict drops, flag marks, off sends")
      ->check(CLI::IsMember({"strict", "flag", "off"}))
      ->capture_default_str();
  command
      .add_option("--refuse-below", settings.refuse_below,
                  "Refuse to answer below this probability that the passages answer, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->default_str(Cat(kDefaultRefuseBelow));
  command
      .add_option(
          "--rewrite-ms", settings.rewrite_ms,
          "Let the model make follow-ups questions of their own, for so long at the most; 0: "
          "do not")
      ->check(CLI::Range(0, 60000))
      ->capture_default_str();
  command
      .add_option(
          "--expand-ms", settings.expand_ms,
          "Let the model write a passage to search with, for so long at the most; 0: do not")
      ->check(CLI::Range(0, 60000))
      ->capture_default_str();
  command
      .add_option("--timeout-ms", settings.timeout_ms,
                  "Longest time for an answer in ms, 100 to 600000")
      ->check(CLI::Range(100, 600000))
      ->capture_default_str();
}

}  // namespace policykb
