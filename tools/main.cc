// policykb: ask, feedback, search, show, inspect, eval, fit, calibrate, gate, bench, make-corpus,
// report, access, audit, mcp and status from the command line.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/flags.h"
#include "core/rpc/status_conversion.h"
#include "generator/answer_flags.h"
#include "retriever/ranking_file.h"
#include "tools/access_flags.h"
#include "tools/ask.h"
#include "tools/audit_command.h"
#include "tools/bench_command.h"
#include "tools/bench_flags.h"
#include "tools/calibrate.h"
#include "tools/commands.h"
#include "tools/data_commands.h"
#include "tools/feedback_command.h"
#include "tools/mcp_command.h"
#include "tools/mcp_flags.h"
#include "tools/ranking_fit.h"
#include "tools/status_command.h"
#include "tools/token_calibration.h"

namespace policykb {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr int kExitRefused = 3;

struct Flags {
  Target target;
  v1::SearchRequest request;
  std::string query;
  int k = 10;
  std::string as_of;
  std::vector<std::string> kinds, regions, issuers, documents;
  bool include_not_in_force = false;
  bool explain = false;
  bool json = false;
  bool metadata = false;
  bool verify = false;
  bool extractive = false;
  EvaluateOptions evaluate;
  DiffOptions diff;
  GateCommand gate;
  BenchCommand bench;
  FitCommand fit;
  GroundingCalibrationOptions grounding;
  RefusalCalibrationOptions refusal;
  TokenCalibrationOptions tokens;
  bool calibrates_refusal = false;
  bool calibrates_tokens = false;
  CorpusOptions corpus;
  AskOptions ask;
  FeedbackCommand feedback;
  SubmitCommand submit;
  AccessCommand access;
  AuditCommand audit;
  StatusCommand status;
  McpCommand mcp;
};

OutputForm FormOf(const Flags& flags) {
  return flags.json ? OutputForm::kJson : OutputForm::kPeople;
}

void AddTarget(CLI::App& command, Flags& flags) {
  command.add_option("--kb", flags.target.kb, "folder of a knowledge base, read in process");
  command.add_option("--snapshot", flags.target.snapshot,
                     "id of a snapshot, published or not, with --kb; default the live one");
  command.add_option("--retriever", flags.target.retriever,
                     "host:port of a running policykb-retriever");
  command.add_option(
      "--ranking", flags.target.ranking,
      "file with weights and trees of the ranking stage, as fit writes it, with --kb");
  command.add_flag_callback(
      "--no-everyday-words", [&flags] { flags.target.everyday_words = EverydayWordUse::kIgnore; },
      "take everyday words for themselves only, with --kb");
  command.add_option("--labels", flags.target.labels, "visibility labels held, with --kb")
      ->delimiter(',')
      ->capture_default_str();
  AddChannelOptions(command, "", flags.target.channel);
}

void AddSearchOptions(CLI::App& command, Flags& flags) {
  command.add_option("--k", flags.k, "passages at the most, 1 to 1000")->capture_default_str();
  command.add_option("--as-of", flags.as_of,
                     "day on which the text must be in force, YYYY-MM-DD; default today");
  command
      .add_option("--kind", flags.kinds,
                  "kinds of document: law, regulation, rule, normative, guide, qa")
      ->delimiter(',');
  command.add_option("--region", flags.regions, "regions, compared exactly");
  command.add_option("--issuer", flags.issuers, "issuers, compared exactly");
  command.add_option("--document", flags.documents, "documents to search in, documents/{document}");
  command.add_flag("--include-not-in-force", flags.include_not_in_force,
                   "also text not in force on that day");
}

void FillFilter(const Flags& flags, v1::SearchFilter& filter) {
  filter.mutable_kinds()->Add(flags.kinds.begin(), flags.kinds.end());
  filter.mutable_regions()->Add(flags.regions.begin(), flags.regions.end());
  filter.mutable_issuers()->Add(flags.issuers.begin(), flags.issuers.end());
  filter.mutable_documents()->Add(flags.documents.begin(), flags.documents.end());
  filter.set_include_not_in_force(flags.include_not_in_force);
}

absl::Status Ask(Flags& flags) {
  v1::AnswerSpec& spec = flags.ask.spec;
  spec.set_question(flags.query);
  spec.set_k(flags.k);
  spec.set_as_of_date(flags.as_of);
  spec.set_extractive_only(flags.extractive);
  FillFilter(flags, *spec.mutable_filter());
  return RunAsk(flags.target, flags.ask, FormOf(flags));
}

absl::Status Search(Flags& flags) {
  // The service takes 0 for its default; who types it means it.
  if (flags.k < 1)
    return absl::InvalidArgumentError(Cat("--k ", flags.k, ", expected 1..", kMaxHits));
  flags.request.set_query(flags.query);
  flags.request.set_k(flags.k);
  flags.request.set_as_of_date(flags.as_of);
  flags.request.set_explain(flags.explain);
  FillFilter(flags, *flags.request.mutable_filter());
  return RunSearch(flags.target, flags.request, FormOf(flags));
}

void DefineAsk(CLI::App& app, Flags& flags) {
  CLI::App& ask = *app.add_subcommand("ask", "answers a question with cited policy text");
  AddTarget(ask, flags);
  AddSearchOptions(ask, flags);
  ask.add_option("--generator", flags.ask.generator, "host:port of a running policykb-generator");
  AddAnswerOptions(ask, flags.ask.settings);
  ask.add_flag("--extractive", flags.extractive,
               "sentences of the passages only, also where a model is configured");
  ask.add_flag("--json", flags.json, "print the response message as JSON");
  ask.add_option("question", flags.query, "the question")->required();
}

void DefineSearch(CLI::App& app, Flags& flags) {
  CLI::App& search = *app.add_subcommand("search", "finds passages");
  AddTarget(search, flags);
  AddSearchOptions(search, flags);
  search.add_flag("--explain", flags.explain, "say why each passage was found");
  search.add_flag("--json", flags.json, "print the response message as JSON");
  search.add_option("query", flags.query, "question or key words")->required();
}

void DefineShowAndInspect(CLI::App& app, Flags& flags) {
  CLI::App& show = *app.add_subcommand("show", "prints a document or one article");
  AddTarget(show, flags);
  show.add_option("--as-of", flags.as_of,
                  "day from which validity is seen, YYYY-MM-DD; default today");
  show.add_flag("--json", flags.json, "print the response message as JSON");
  show.add_flag("--metadata", flags.metadata,
                "of a document: each metadata value and where it came from");
  show.add_option("what", flags.query,
                  "documents/{document}, documents/{document}/provisions/{address}, or a title and "
                  "an article")
      ->required();
  CLI::App& inspect = *app.add_subcommand("inspect", "prints what the live snapshot is and holds");
  AddTarget(inspect, flags);
  inspect.add_flag("--verify", flags.verify, "read and check every byte, with --kb");
  inspect
      .add_option("--diff", flags.diff.snapshots,
                  "two ids: what the second snapshot adds, withdraws and changes, with --kb")
      ->expected(2);
  inspect.add_flag("--json", flags.json, "print JSON");
}

void DefineEval(CLI::App& app, Flags& flags) {
  CLI::App& eval =
      *app.add_subcommand("eval", "measures retrieval over topics with relevance judgements");
  AddTarget(eval, flags);
  EvaluateOptions& evaluate = flags.evaluate;
  eval.add_option("--topics", evaluate.topics,
                  "JSON lines {_id, text}, optional as_of, labels, answerable")
      ->required();
  eval.add_option("--qrels", evaluate.qrels, "query-id, passage name, grade, separated by tabs");
  eval.add_option("--gold-articles", evaluate.gold_articles,
                  "query-id, document path, law, article label, separated by tabs");
  eval.add_option("--strip-prefix", evaluate.strip_prefix,
                  "taken off the paths of --gold-articles");
  eval.add_option("--baseline", evaluate.baseline.baseline,
                  "compare with a run file, a knowledge base folder or a snapshot id of --kb");
  eval.add_option("--html", evaluate.html, "page with charts to write, one file without script");
  eval.add_option("--run", evaluate.run, "TREC run file to write");
  eval.add_option("--features", evaluate.features,
                  "file to write the ranking features of every hit to");
  eval.add_option("--evidence", evaluate.evidence,
                  "file to write the signals behind answerability to");
  eval.add_flag("--without-gold", evaluate.without_gold,
                "leave the documents that answer a topic out of its search, with --kb");
  eval.add_flag("--answers", evaluate.answers, "also answer every topic and check each quote");
  eval.add_flag("--json", flags.json, "print one JSON object");
}

void DefineFit(CLI::App& app, Flags& flags) {
  CLI::App& fit = *app.add_subcommand(
      "fit",
      "learns the weights and trees of the ranking stage from features of judged topics, and "
      "measures them in folds");
  FitCommand& command = flags.fit;
  fit.add_option("--features", command.features, "files that eval --features wrote, one per set")
      ->required();
  fit.add_option("--folds", command.options.folds, "folds to measure in")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  fit.add_option("--penalty", command.options.penalty, "L2 penalty on the weights")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  fit.add_option("--seed", command.options.seed, "decides which topic is in which fold")
      ->capture_default_str();
  fit.add_option("--trees", command.options.trees.trees, "trees over the weights; 0 for none")
      ->check(CLI::Range(size_t{0}, kMostTrees))
      ->capture_default_str();
  fit.add_option("--write", command.model, "file to write the model to, for --ranking");
}

void AddQuestionFiles(CLI::App& command, QuestionFiles& files) {
  command.add_option("--topics", files.topics, "JSON lines {_id, text}")->required();
  command.add_option("--qrels", files.qrels, "query-id, passage name, grade, separated by tabs");
  command.add_option("--gold-articles", files.gold_articles,
                     "query-id, document path, law, article label, separated by tabs");
  command.add_option("--strip-prefix", files.strip_prefix,
                     "taken off the paths of --gold-articles");
}

void DefineCalibrate(CLI::App& app, Flags& flags) {
  CLI::App& calibrate = *app.add_subcommand(
      "calibrate",
      "measures the errors of grounding, refusal and token counts, and fits what can be fitted");
  calibrate.require_subcommand(1);
  CLI::App& grounding = *calibrate.add_subcommand(
      "grounding", "how often a true sentence is dropped and a false one is not");
  AddTarget(grounding, flags);
  AddQuestionFiles(grounding, flags.grounding);
  grounding.add_option("--answers", flags.grounding.answers,
                       "JSON lines {_id, answer}: answers by experts to the topics");
  grounding.add_option("--seed", flags.grounding.seed, "decides how numbers are altered")
      ->capture_default_str();
  grounding.add_option("--failures", flags.grounding.failures,
                       "file to write every claim to that was judged wrongly");
  CLI::App& refusal = *calibrate.add_subcommand(
      "refusal", "how often a question with an answer is refused and one without is not");
  refusal.callback([&flags] { flags.calibrates_refusal = true; });
  CLI::App& tokens = *calibrate.add_subcommand(
      "tokens", "how far the estimates of token counts are from a real tokenizer's");
  tokens.callback([&flags] { flags.calibrates_tokens = true; });
  tokens
      .add_option("--counted", flags.tokens.counted,
                  "JSON lines {text, tokens}, as tools/count_tokens.sh writes them")
      ->required();
  tokens.add_option("--family", flags.tokens.family, "deepseek, qwen, llama or unknown")
      ->capture_default_str();
  refusal
      .add_option("--answerable", flags.refusal.answerable,
                  "NAME=FILE as eval --evidence writes it, of questions with answers")
      ->required();
  refusal
      .add_option("--other-matters", flags.refusal.other_matters,
                  "NAME=FILE of questions that nothing answers")
      ->required();
  refusal
      .add_option("--without-gold", flags.refusal.without_gold,
                  "NAME=FILE as eval --evidence --without-gold writes it")
      ->required();
  refusal.add_option("--folds", flags.refusal.folds, "folds to measure in")
      ->check(CLI::Range(2, 100))
      ->capture_default_str();
  refusal.add_option("--penalty", flags.refusal.penalty, "L2 penalty on the weights")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void DefineGate(CLI::App& app, Flags& flags) {
  CLI::App& gate = *app.add_subcommand(
      "gate", "judges a snapshot; exit code 0 passed, 3 refused, 1 could not be judged");
  GateCommand& options = flags.gate;
  gate.add_option("--kb", options.kb, "folder of a knowledge base")->required();
  gate.add_option("--snapshot", options.snapshot, "id of the snapshot, published or not")
      ->required();
  gate.add_option("--gate", options.rules, "TOML file with what it must reach")->required();
  gate.add_option("--baseline", options.baseline,
                  "id of the snapshot to compare with, or none; default the live one");
  gate.add_flag("--keep", options.keep,
                "keep the verdict in the knowledge base, beside the snapshot's reports");
  gate.add_flag("--json", flags.json, "print one JSON object");
}

void DefineMakeCorpus(CLI::App& app, Flags& flags) {
  CLI::App& corpus = *app.add_subcommand(
      "make-corpus", "makes a large corpus of varied copies, or changes documents of one");
  CorpusOptions& options = flags.corpus;
  corpus.add_option("--from", options.make.from, "folders with documents (.md, .txt) to copy");
  corpus.add_option("--to", options.make.to, "folder of the corpus")->required();
  corpus.add_option("--passages", options.make.articles, "articles to stop at")
      ->check(CLI::Range(1, 100000000));
  corpus.add_option("--seed", options.make.seed, "another number gives other names and amounts")
      ->capture_default_str();
  corpus.add_option("--touch", options.touch, "change a sentence in so many documents of --to")
      ->check(CLI::Range(1, 100000000));
  corpus.add_option("--round", options.round, "with --touch: another number gives other sentences")
      ->capture_default_str();
}

void DefineReport(CLI::App& app, Flags& flags) {
  CLI::App& report = *app.add_subcommand(
      "report", "what could not be answered and what callers did not like, from kept feedback");
  FeedbackCommand& options = flags.feedback;
  report.add_option("--feedback", options.folder, "folder of the generator's --feedback")
      ->required();
  report.add_option("--days", options.days, "days to look back")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  report.add_option("--most", options.most, "questions of each kind")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  report.add_flag("--json", flags.json, "print the report message as JSON");
}

void DefineAudit(CLI::App& app, Flags& flags) {
  CLI::App& audit =
      *app.add_subcommand("audit", "makes the key of an audit log and finds questions in it");
  audit.require_subcommand(1);
  CLI::App& new_key = *audit.add_subcommand("new-key", "makes a key in a new file");
  new_key.add_option("file", flags.audit.key_file, "file to make")->required();
  CLI::App& hash =
      *audit.add_subcommand("hash", "prints what an audit log has in the place of a question");
  hash.add_option("--key-file", flags.audit.key_file, "file with the log's key")->required();
  hash.add_option("question", flags.audit.question, "the question")->required();
}

void DefineStatus(CLI::App& app, Flags& flags) {
  CLI::App& status = *app.add_subcommand(
      "status", "says how servers do; exit code 0 all well, 3 something is wrong or away");
  for (const char* name : {"--retriever", "--generator"}) {
    status
        .add_option_function<std::vector<std::string>>(
            name,
            [&flags](const std::vector<std::string>& addresses) {
              flags.status.servers.insert(flags.status.servers.end(), addresses.begin(),
                                          addresses.end());
            },
            "host:port of one; several parted by commas")
        ->delimiter(',');
  }
  AddChannelOptions(status, "", flags.status.channel);
  status.add_flag("--json", flags.json, "print JSON, with every figure");
}

void DefineFeedback(CLI::App& app, Flags& flags) {
  CLI::App& feedback = *app.add_subcommand("feedback", "says whether an answer helped");
  SubmitCommand& submit = flags.submit;
  feedback.add_option("answer", submit.answer_id, "id that ask printed with the answer")
      ->required();
  feedback
      .add_option("--generator", submit.generator.address,
                  "host:port of the policykb-generator it is from")
      ->required();
  AddChannelOptions(feedback, "", submit.generator);
  CLI::Option_group& rating = *feedback.add_option_group("rating", "one of them");
  rating.add_flag_callback(
      "--like", [&submit] { submit.rating = v1::RATING_HELPFUL; }, "it helped");
  rating.add_flag_callback(
      "--dislike", [&submit] { submit.rating = v1::RATING_NOT_HELPFUL; },
      "it was wrong, beside the point or not enough");
  rating.require_option(1);
  feedback.add_option("--comment", submit.comment,
                      "what was wrong or missing, at most 2,000 bytes");
}

int Main(int argc, char** argv) {
  CLI::App app("policykb: policy text, found, cited and checked");
  app.require_subcommand(1);
  app.set_version_flag("--version", VersionLine("policykb"));
  app.set_config("--config", "", "INI or TOML file with the options below");
  Flags flags;
  DefineAsk(app, flags);
  DefineSearch(app, flags);
  DefineShowAndInspect(app, flags);
  DefineEval(app, flags);
  DefineFit(app, flags);
  DefineCalibrate(app, flags);
  CLI::App& bench = *app.add_subcommand(
      "bench", "measures the speed of searches, over a base that is there or one made for it");
  AddBenchOptions(bench, flags.bench);
  bench.add_flag("--json", flags.json, "print one JSON object");
  DefineGate(app, flags);
  DefineMakeCorpus(app, flags);
  DefineReport(app, flags);
  DefineFeedback(app, flags);
  AddAccessCommand(app, flags.access);
  DefineAudit(app, flags);
  DefineStatus(app, flags);
  AddMcpCommand(app, flags.mcp);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "policykb: %s (--help lists the options)\n", error.what());
    return kExitUsage;
  }
  absl::Status status;
  if (app.got_subcommand("ask")) {
    status = Ask(flags);
  } else if (app.got_subcommand("search")) {
    status = Search(flags);
  } else if (app.got_subcommand("show")) {
    status = RunShow(flags.target, flags.query, flags.as_of,
                     flags.metadata ? ShowPart::kMetadata : ShowPart::kAll, FormOf(flags));
  } else if (app.got_subcommand("inspect") && !flags.diff.snapshots.empty()) {
    flags.diff.kb = flags.target.kb;
    status = RunDiff(flags.diff, FormOf(flags));
  } else if (app.got_subcommand("inspect")) {
    status = RunInspect(flags.target, flags.verify ? InspectDepth::kVerify : InspectDepth::kOpen,
                        FormOf(flags));
  } else if (app.got_subcommand("eval")) {
    flags.evaluate.baseline.kb = flags.target.kb;
    status = RunEvaluate(flags.target, flags.evaluate, FormOf(flags));
  } else if (app.got_subcommand("gate")) {
    const absl::StatusOr<GateVerdict> verdict = RunGate(flags.gate, FormOf(flags));
    if (verdict.ok()) return *verdict == GateVerdict::kPassed ? 0 : kExitRefused;
    status = verdict.status();
  } else if (app.got_subcommand("fit")) {
    status = RunFit(flags.fit);
  } else if (app.got_subcommand("report")) {
    status = RunFeedbackReport(flags.feedback, FormOf(flags), absl::Now());
  } else if (app.got_subcommand("feedback")) {
    status = RunSubmit(flags.submit);
  } else if (app.got_subcommand("access")) {
    status = RunAccess(app, flags.access);
  } else if (app.got_subcommand("status")) {
    const absl::StatusOr<bool> well = RunStatus(flags.status, FormOf(flags), absl::Now());
    if (well.ok()) return *well ? 0 : kExitRefused;
    status = well.status();
  } else if (app.got_subcommand("mcp")) {
    status = RunMcp(flags.mcp, std::cin, std::cout);
  } else if (app.got_subcommand("audit")) {
    const CLI::App& audit = *app.get_subcommand("audit");
    status = audit.got_subcommand("hash") ? RunAuditHash(flags.audit) : RunNewAuditKey(flags.audit);
  } else if (app.got_subcommand("calibrate")) {
    status = flags.calibrates_tokens    ? RunCalibrateTokens(flags.tokens)
             : flags.calibrates_refusal ? RunCalibrateRefusal(flags.refusal)
                                        : RunCalibrateGrounding(flags.target, flags.grounding);
  } else if (app.got_subcommand("make-corpus")) {
    status = RunMakeCorpus(flags.corpus);
  } else {
    status = RunBench(flags.bench, FormOf(flags));
  }
  if (status.ok()) return 0;
  std::string again;
  if (const std::optional<absl::Duration> wait = RetryAfter(status)) {
    again = Cat(" (", ErrorReason(status), "; try again in ", absl::ToDoubleSeconds(*wait), " s)");
  }
  std::fprintf(stderr, "policykb: %s: %s%s\n", absl::StatusCodeToString(status.code()).c_str(),
               std::string(status.message()).c_str(), again.c_str());
  return kExitFailed;
}

}  // namespace
}  // namespace policykb

int main(int argc, char** argv) { return policykb::Main(argc, argv); }
