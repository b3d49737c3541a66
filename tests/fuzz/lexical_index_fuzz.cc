// Fuzz target: a lexical index file of any bytes. An even first byte gives the rest as the file; an
// odd one gives entries and lists, framed as a file with two terms, so that the lists themselves
// are reached.

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/snapshot/lexical_format.h"
#include "core/snapshot/lexical_index.h"
#include "core/snapshot/lexical_scorer.h"
#include "core/snapshot/section_file.h"

namespace {

using policykb::LexicalIndex;

constexpr size_t kMostEntries = 1 << 17;

void Require(bool condition) {
  if (!condition) std::abort();
}

void WriteFramed(std::string_view input, const std::string& path) {
  namespace format = policykb::lexical_format;
  if (input.size() < 4) return;
  const auto entries = policykb::lexical_format::Load<uint16_t>(input.data());
  const auto cut = policykb::lexical_format::Load<uint16_t>(input.data() + 2);
  std::string lists(input.substr(4));
  lists.resize(lists.size() / format::kListUnit * format::kListUnit);
  const auto units = static_cast<uint32_t>(lists.size() / format::kListUnit);
  policykb::SectionFileWriter writer(format::kMagic, format::kVersion);
  writer.AddArray<format::Info>(
      {{.terms = 2, .postings = 2, .entries = entries, .impact_scale = 0.01f}});
  writer.AddArray<uint32_t>({0, 1, 2});
  writer.Add("ab");
  writer.AddArray<uint32_t>({0, units == 0 ? 0 : cut % (units + 1), units});
  writer.Add(lists);
  Require(policykb::RemoveAll(path).ok() && writer.Finish(path).ok());
}

void UseAll(const LexicalIndex& index) {
  if (index.entries() > kMostEntries) return;
  std::vector<uint32_t> scores(index.entries());
  std::vector<policykb::WeightedList> lists;
  for (const std::string_view term : index.AllTerms()) {
    const auto list = index.Find(term);
    if (!list) continue;
    index.AddScores(*list, 1, scores);
    lists.push_back({.list = *list, .weight = 1});
    const auto postings = index.Decode(*list);
    const uint32_t step = index.entries() / 512 + 1;
    for (uint32_t ordinal = 0; ordinal < index.entries(); ordinal += step)
      index.ImpactIn(*list, ordinal);
    if (!postings.ok()) continue;
    for (const policykb::Posting& posting : *postings) {
      Require(index.ImpactIn(*list, posting.ordinal) == posting.impact);
    }
  }
  policykb::LexicalScorer scorer(index, lists);
  for (uint32_t range = 0; range < scorer.ranges(); ++range) scorer.Complete(range);
  // Of an index that keeps the rules both ways of adding up give the same.
  if (!index.Verify().ok()) return;
  for (uint32_t entry = 0; entry < scorer.entries(); ++entry)
    Require(scorer.ScoreOf(entry) == scores[entry]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string path = policykb::JoinPath(
      std::filesystem::temp_directory_path().string(), "fuzz" + std::to_string(getpid()) + ".lex");
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 1) {
    WriteFramed(input, path);
  } else {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << input;
  }
  const auto index = LexicalIndex::Open(path);
  if (index.ok()) UseAll(**index);
  return 0;
}
