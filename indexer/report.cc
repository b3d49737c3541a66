#include "indexer/report.h"

#include <cstdint>
#include <cstdio>

#include "absl/time/clock.h"
#include "core/base/one_line.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// A stage that takes longer says when it will end.
constexpr absl::Duration kUntilEstimate = absl::Seconds(5);
// Between lines of a stage where there is no terminal.
constexpr absl::Duration kBetweenLines = absl::Seconds(30);

void PrintCount(const char* what, uint64_t count) {
  std::printf("%s: %llu\n", what, static_cast<unsigned long long>(count));
}

template <typename Line>
void PrintList(const char* what, size_t count, size_t most_lines, Line line) {
  if (count == 0) return;
  PrintCount(what, count);
  for (size_t i = 0; i < count && i < most_lines; ++i)
    std::printf("  %s\n", OneLine(line(i)).c_str());
  if (count > most_lines)
    std::printf("  and %zu more (--list-all names them)\n", count - most_lines);
}

void PrintCorpus(const CorpusReport& corpus, size_t most_lines) {
  const auto lines = [](const std::vector<FileProblem>& problems) {
    return [&problems](size_t i) { return Cat(problems[i].path, ": ", problems[i].reason); };
  };
  PrintList("not read (other format)", corpus.unread.size(), most_lines,
            [&](size_t i) { return corpus.unread[i].path; });
  PrintList("skipped", corpus.skipped.size(), most_lines, lines(corpus.skipped));
  PrintList("left out of files that were read", corpus.left_out.size(), most_lines,
            [&](size_t i) { return corpus.left_out[i]; });
  PrintList("warnings", corpus.warnings.size(), most_lines,
            [&](size_t i) { return corpus.warnings[i]; });
  PrintList("withdrawn and left out", corpus.withdrawn.size(), most_lines,
            [&](size_t i) { return corpus.withdrawn[i]; });
}

// Ends of texts that have no part in their vectors are found by their words only.
void PrintCut(uint64_t passages) {
  if (passages > 0) PrintCount("passages longer than the embedder reads", passages);
}

void PrintSeconds(const StageSeconds& seconds) {
  double total = 0;
  std::printf("seconds:");
  for (const auto& [stage, each] : seconds) {
    std::printf(" %s %.2f,", stage.c_str(), each);
    total += each;
  }
  std::printf(" total %.2f\n", total);
}

void PrintSnapshot(const std::string& id, Publish publish) {
  if (publish == Publish::kNow) {
    std::printf("published: %s\n", id.c_str());
  } else {
    std::printf("written, not live: %s (policykb-indexer publish makes it live)\n", id.c_str());
  }
}

}  // namespace

std::string ProgressPrinter::Left(double fraction) const {
  const absl::Duration taken = absl::Now() - begun_;
  if (taken < kUntilEstimate || fraction <= 0 || fraction >= 1) return "";
  return Cat(", about ", absl::ToInt64Seconds(taken * ((1 - fraction) / fraction)) + 1, " s left");
}

void ProgressPrinter::operator()(std::string_view stage, double fraction) {
  const int percent = static_cast<int>(fraction * 100);
  if (stage == stage_ && percent == percent_) return;
  if (stage != stage_) {
    begun_ = absl::Now();
    told_ = begun_;
  }
  stage_ = stage;
  percent_ = percent;
  if (terminal_) {
    constexpr int kWidth = 30;
    const int filled = percent * kWidth / 100;
    std::fprintf(stderr, "\r%-16s [%s%s] %3d%%%-24s%s", stage_.c_str(),
                 std::string(static_cast<size_t>(filled), '=').c_str(),
                 std::string(static_cast<size_t>(kWidth - filled), ' ').c_str(), percent,
                 Left(fraction).c_str(), fraction >= 1 ? "\n" : "");
    std::fflush(stderr);
  } else if (fraction >= 1) {
    std::fprintf(stderr, "%s: done\n", stage_.c_str());
  } else if (absl::Now() - told_ > kBetweenLines) {
    told_ = absl::Now();
    std::fprintf(stderr, "%s: %d%%%s\n", stage_.c_str(), percent, Left(fraction).c_str());
  }
}

void PrintReport(const BuildReport& report, Publish publish, size_t most_lines) {
  PrintCorpus(report.corpus, most_lines);
  PrintCount("documents", report.documents);
  PrintCount("passages", report.passages);
  std::printf("embedded: %llu, known already: %llu\n",
              static_cast<unsigned long long>(report.embedded),
              static_cast<unsigned long long>(report.reused));
  PrintCut(report.cut);
  PrintCount("bytes read", report.corpus.bytes);
  PrintCount("bytes written", report.snapshot_bytes);
  PrintSeconds(report.stage_seconds);
  std::printf("content digest: %s\n", report.content_digest.c_str());
  PrintSnapshot(report.snapshot, publish);
}

void PrintReport(const ChangeReport& change, Publish publish) {
  const uint64_t changed = change.changed + change.metadata_changed;
  std::printf("documents added: %llu, changed: %llu, of these metadata only: %llu, removed: %llu\n",
              static_cast<unsigned long long>(change.added),
              static_cast<unsigned long long>(changed),
              static_cast<unsigned long long>(change.metadata_changed),
              static_cast<unsigned long long>(change.removed));
  if (change.editorial_changed) std::printf("names, synonyms or questions changed\n");
  for (const auto* problems : {&change.revisions.refused, &change.revisions.doubts}) {
    for (const std::string& problem : *problems) std::printf("  %s\n", OneLine(problem).c_str());
  }
  if (change.snapshot.empty()) {
    std::printf("nothing differs from the live snapshot; none was written\n");
    return;
  }
  std::printf("passages embedded: %llu, vectors known: %llu\n",
              static_cast<unsigned long long>(change.embedded),
              static_cast<unsigned long long>(change.reused));
  std::printf("segments: %llu (%llu merged)\n", static_cast<unsigned long long>(change.segments),
              static_cast<unsigned long long>(change.merged_segments));
  PrintCount("documents", change.documents);
  PrintCount("passages", change.passages);
  std::printf("content digest: %s\n", change.content_digest.c_str());
  PrintSnapshot(change.snapshot, publish);
}

void PrintReport(const UpdateReport& report, Publish publish, size_t most_lines) {
  PrintCorpus(report.corpus, most_lines);
  std::printf("files: %llu, changed: %llu, removed: %llu\n",
              static_cast<unsigned long long>(report.corpus.files),
              static_cast<unsigned long long>(report.changed_files),
              static_cast<unsigned long long>(report.removed_files));
  PrintSeconds(report.stage_seconds);
  PrintReport(report.change, publish);
}

void PrintReport(const CompactReport& report, Publish publish) {
  if (report.snapshot.empty()) {
    std::printf("one segment without dead text already; nothing was written\n");
    return;
  }
  std::printf("segments merged: %llu, bytes before: %llu, after: %llu\n",
              static_cast<unsigned long long>(report.merged_segments),
              static_cast<unsigned long long>(report.bytes_before),
              static_cast<unsigned long long>(report.bytes_after));
  PrintSeconds(report.stage_seconds);
  std::printf("content digest: %s\n", report.content_digest.c_str());
  PrintSnapshot(report.snapshot, publish);
}

void PrintReport(const PruneReport& report) {
  for (const std::string& id : report.removed) std::printf("removed: %s\n", id.c_str());
  PrintCount("bytes freed", report.freed_bytes);
}

void PrintReport(const std::vector<ListedSnapshot>& snapshots) {
  std::printf("%-20s %-5s %-21s %10s %10s %9s  %s\n", "snapshot", "live", "written (UTC)",
              "documents", "passages", "segments", "content digest");
  for (const ListedSnapshot& listed : snapshots) {
    const char* live = listed.is_live ? "live" : "";
    if (!listed.manifest.ok()) {
      std::printf("%-20s %-5s %s\n", listed.id.c_str(), live,
                  std::string(listed.manifest.status().message()).c_str());
      continue;
    }
    const Manifest& manifest = *listed.manifest;
    std::printf("%-20s %-5s %-21s %10llu %10llu %9zu  %s\n", listed.id.c_str(), live,
                manifest.published_at.c_str(), static_cast<unsigned long long>(manifest.documents),
                static_cast<unsigned long long>(manifest.passages), manifest.segments.size(),
                manifest.content_digest.c_str());
  }
}

}  // namespace policykb
