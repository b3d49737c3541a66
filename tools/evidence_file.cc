#include "tools/evidence_file.h"

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

struct Signal {
  std::string_view name;
  double (*sent)(const v1::Evidence&);
  void (*read)(SearchEvidence&, double);
};

#define POLICYKB_SIGNAL(name)                                                 \
  {                                                                           \
#name, [](const v1::Evidence& e) { return static_cast<double>(e.name()); }, \
        [](SearchEvidence& e, double value) {                               \
          e.name = static_cast<decltype(e.name)>(value);                    \
        } \
  }

constexpr Signal kSignals[] = {
    POLICYKB_SIGNAL(best_coverage),
    POLICYKB_SIGNAL(union_coverage),
    POLICYKB_SIGNAL(unknown_share),
    POLICYKB_SIGNAL(best_cosine),
    POLICYKB_SIGNAL(best_lexical),
    POLICYKB_SIGNAL(best_character_coverage),
    POLICYKB_SIGNAL(unknown_character_share),
    POLICYKB_SIGNAL(best_lexical_score),
    POLICYKB_SIGNAL(known_terms),
    POLICYKB_SIGNAL(first_coverage),
    POLICYKB_SIGNAL(specific_coverage),
    POLICYKB_SIGNAL(longest_stretch),
    POLICYKB_SIGNAL(mean_cosine),
    POLICYKB_SIGNAL(agreement),
    POLICYKB_SIGNAL(concentration),
    POLICYKB_SIGNAL(first_score),
    POLICYKB_SIGNAL(margin),
    POLICYKB_SIGNAL(title_coverage),
    POLICYKB_SIGNAL(resolved_reference),
    POLICYKB_SIGNAL(answerability),
};

#undef POLICYKB_SIGNAL

constexpr size_t kFirstSignal = 4;  // behind topic, answerable, rank, passages

std::optional<double> ParseNumber(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || end != copy.c_str() + copy.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::string EncodeEvidenceHeader() {
  std::string line = "topic\tanswerable\trank\tpassages";
  for (const Signal& signal : kSignals) line += Cat("\t", signal.name);
  return line + "\n";
}

std::string EncodeEvidenceLine(const std::string& topic, std::optional<bool> answerable,
                               size_t rank, uint64_t passages, const v1::Evidence& evidence) {
  std::string line =
      Cat(topic, "\t", answerable ? (*answerable ? "1" : "0") : "-", "\t", rank, "\t", passages);
  for (const Signal& signal : kSignals) line += Cat("\t", signal.sent(evidence));
  return line + "\n";
}

absl::StatusOr<std::vector<TopicEvidence>> ReadEvidenceFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  std::vector<TopicEvidence> topics;
  size_t number = 0;
  for (const std::string_view line : Split(content, '\n')) {
    ++number;
    if (number == 1) {
      if (Cat(line, "\n") == EncodeEvidenceHeader()) continue;
      return absl::InvalidArgumentError(
          Cat(path, ":1: expected the signals of this program, ", EncodeEvidenceHeader()));
    }
    if (line.empty()) continue;
    const std::vector<std::string_view> columns = Split(line, '\t');
    const auto wrong = [&](std::string_view expectation) {
      return absl::InvalidArgumentError(Cat(path, ":", number, ": expected ", expectation));
    };
    if (columns.size() != kFirstSignal + std::size(kSignals)) {
      return wrong(Cat(kFirstSignal + std::size(kSignals), " columns, not ", columns.size()));
    }
    TopicEvidence topic{.topic = std::string(columns[0])};
    if (columns[1] != "1" && columns[1] != "0" && columns[1] != "-") {
      return wrong("1, 0 or - in the second column");
    }
    if (columns[1] != "-") topic.answerable = columns[1] == "1";
    const std::optional<double> rank = ParseNumber(columns[2]);
    if (!rank || *rank < 0 || *rank > 1e9) return wrong("a rank in the third column");
    topic.rank = static_cast<size_t>(*rank);
    const std::optional<double> passages = ParseNumber(columns[3]);
    if (!passages || *passages < 0) return wrong("a number of passages in the fourth column");
    topic.evidence.passages = *passages;
    for (size_t i = 0; i < std::size(kSignals); ++i) {
      const std::optional<double> value = ParseNumber(columns[kFirstSignal + i]);
      if (!value || std::abs(*value) > 1e6) return wrong(Cat("a number as ", kSignals[i].name));
      kSignals[i].read(topic.evidence, *value);
    }
    topics.push_back(std::move(topic));
  }
  return topics;
}

}  // namespace policykb
