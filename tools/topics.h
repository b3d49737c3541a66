// Topics and relevance judgements: reading them.
//
// Topics are JSON lines {_id, text} with optional as_of, labels, answerable; judgements are
// TREC-like qrels of passages or a list of gold articles. Not for scoring (measures.h). Pure
// functions over files, any thread.

#ifndef POLICYKB_TOOLS_TOPICS_H_
#define POLICYKB_TOOLS_TOPICS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct Topic {
  std::string id;
  std::string text;
  std::string as_of;                // YYYY-MM-DD or empty
  std::vector<std::string> labels;  // empty: the default ones
  std::optional<bool> answerable;   // absent: not said
};

// Units that are relevant to a topic, by topic id. A unit is what counts once in a ranking: a
// provision.
using Judgements = std::map<std::string, std::set<std::string>>;

// Errors: NotFound, InvalidArgument naming the line.
absl::StatusOr<std::vector<Topic>> ReadTopics(const std::string& path);

// Answers by topic id, of JSON lines {_id, answer}. Errors: NotFound, InvalidArgument naming the
// line.
absl::StatusOr<std::map<std::string, std::string>> ReadAnswers(const std::string& path);

// A text and how many tokens it is to some model.
struct CountedText {
  std::string text;
  size_t tokens = 0;
};

// JSON lines {text, tokens}. Errors: NotFound, InvalidArgument naming the line.
absl::StatusOr<std::vector<CountedText>> ReadCountedTexts(const std::string& path);

// Tab-separated query-id, passage name, grade; a first line without a number as grade is a header;
// grades above 0 count. Errors: NotFound, InvalidArgument naming the line.
absl::StatusOr<Judgements> ReadQrels(const std::string& path);

// Tab-separated query-id, document path, law, article label; `strip_prefix` is taken off the paths.
// Errors: NotFound, InvalidArgument naming the line.
absl::StatusOr<Judgements> ReadGoldArticles(const std::string& path,
                                            const std::string& strip_prefix);

// Name of a passage without the number of its piece.
std::string ProvisionUnit(const std::string& passage_name);
// Units of a passage for ReadQrels: the same, once for each provision it stands for.
std::vector<std::string> ProvisionUnits(const std::string& passage_name);
// Unit of a passage for ReadGoldArticles.
std::string ArticleUnit(const std::string& source_path, const std::string& address);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_TOPICS_H_
