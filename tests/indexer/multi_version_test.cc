// Which revision is in force when, over laws in several versions, where POLICYKB_SHARED names the
// folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "indexer/revisions.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

struct Version {
  std::optional<CivilDate> date;  // as the list gives it; two entries are undated copies
  ParsedDocument parsed;
};

std::string DataSet() {
  const char* shared = std::getenv("POLICYKB_SHARED");
  if (shared == nullptr) return "";
  std::string folder = JoinPath(shared, "datasets/cn-laws");
  return PathExists(folder) ? folder : "";
}

// The laws of multi_version.tsv by title: law, version date, path, flag.
std::map<std::string, std::vector<Version>> ReadVersions(const std::string& folder,
                                                         const Collections& collections) {
  std::map<std::string, std::vector<Version>> laws;
  const absl::StatusOr<std::string> list = ReadFile(folder + "/multi_version.tsv");
  EXPECT_TRUE(list.ok()) << list.status();
  if (!list.ok()) return laws;
  const std::vector<std::string_view> lines = Split(*list, '\n');
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string_view> cells = Split(lines[i], '\t');
    if (cells.size() < 3) continue;
    const std::string path(cells[2]);
    const absl::StatusOr<std::string> bytes = ReadFile(JoinPath(folder, path));
    EXPECT_TRUE(bytes.ok()) << bytes.status();
    auto parsed =
        ParseFile({.relative_path = path, .bytes = *bytes, .collection = &collections.For(path)});
    EXPECT_TRUE(parsed.ok()) << path << parsed.status();
    if (!parsed.ok()) continue;
    Version version;
    if (const auto date = CivilDate::Parse(cells[1]); date.ok()) version.date = *date;
    version.parsed = std::move(parsed->front());
    laws[std::string(cells[0])].push_back(std::move(version));
  }
  return laws;
}

// Passages of versions that are in force on the day although a later one is, or the other way
// round.
size_t WrongPassages(CivilDate day, const std::vector<Version>& versions) {
  std::optional<CivilDate> begun;
  for (const Version& version : versions) {
    if (*version.date <= day && (!begun || *version.date > *begun)) begun = version.date;
  }
  size_t wrong = 0;
  for (const Version& version : versions) {
    const bool in_force = version.parsed.document.validity.Contains(day);
    if (in_force != (version.date == begun)) wrong += version.parsed.passages.size();
  }
  return wrong;
}

TEST(RevisionEvaluationTest, OnlyTheVersionThenInForceIsInForce) {
  const std::string folder = DataSet();
  if (folder.empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with cn-laws";
  const Collections collections =
      Collections::Parse({{"docs/collection.toml", "file_name = '{title}({version}).md'\n"}});
  std::map<std::string, std::vector<Version>> laws = ReadVersions(folder, collections);
  EXPECT_EQ(laws.size(), 81u);
  std::vector<Document*> documents;
  for (auto& [title, versions] : laws) {
    for (Version& version : versions) documents.push_back(&version.parsed.document);
  }
  // Some laws lie in two folders: both copies are in force at once, and are named.
  const RevisionProblems problems = LinkRevisions(documents);
  EXPECT_THAT(problems.refused, testing::IsEmpty());
  EXPECT_THAT(problems.doubts, testing::Each(testing::HasSubstr("neither replaces")));
  size_t undated = 0, days_checked = 0;
  for (const auto& [title, versions] : laws) {
    std::set<CivilDate> beginnings;
    bool dated = true;
    for (const Version& version : versions) {
      dated = dated && version.date;
      if (version.date) beginnings.insert(*version.date);
    }
    // An undated copy of the one dated version is in force from the day its text names: which of
    // two equal texts is the right one, nobody can say.
    if (!dated) {
      ++undated;
      continue;
    }
    std::set<CivilDate> days = {CivilDate(beginnings.rbegin()->days() + 10'000)};
    std::optional<CivilDate> before;
    for (const CivilDate begins : beginnings) {
      days.insert({CivilDate(begins.days() - 1), begins});
      if (before) days.insert(CivilDate((before->days() + begins.days()) / 2));
      before = begins;
    }
    for (const CivilDate day : days)
      EXPECT_EQ(WrongPassages(day, versions), 0u) << title << " on " << day.ToString();
    days_checked += days.size();
  }
  EXPECT_EQ(undated, 2u);
  RecordProperty("days_checked", std::to_string(days_checked));
  EXPECT_GT(days_checked, 400u);
}

}  // namespace
}  // namespace policykb
