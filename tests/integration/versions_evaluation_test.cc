// Which version of a law a search finds on which day, over laws in several versions, where
// POLICYKB_SHARED names the folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/pipeline.h"
#include "tests/base/temp_folder.h"
#include "tools/retriever_access.h"

namespace policykb {
namespace {

struct Version {
  std::optional<CivilDate> date;  // as the list gives it; two entries are undated copies
  std::string path;
};
using Laws = std::map<std::string, std::vector<Version>>;  // by title

std::string DataSet() {
  const char* shared = std::getenv("POLICYKB_SHARED");
  if (shared == nullptr) return "";
  std::string folder = JoinPath(shared, "datasets/cn-laws");
  return PathExists(folder) ? folder : "";
}

// multi_version.tsv: law, version date, path, flag.
absl::StatusOr<Laws> ReadLaws(const std::string& folder) {
  ASSIGN_OR_RETURN(const std::string list, ReadFile(folder + "/multi_version.tsv"));
  Laws laws;
  const std::vector<std::string_view> lines = Split(list, '\n');
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string_view> cells = Split(lines[i], '\t');
    if (cells.size() < 3) continue;
    Version version = {.date = std::nullopt, .path = std::string(cells[2])};
    if (const auto date = CivilDate::Parse(cells[1]); date.ok()) version.date = *date;
    laws[std::string(cells[0])].push_back(std::move(version));
  }
  return laws;
}

// The versions as a data team keeps them: files named by title and date, and one line that says so.
absl::Status CopyCorpus(const std::string& folder, const Laws& laws, const std::string& corpus) {
  for (const auto& [title, versions] : laws) {
    for (const Version& version : versions) {
      ASSIGN_OR_RETURN(const std::string bytes, ReadFile(JoinPath(folder, version.path)));
      const std::string path = JoinPath(corpus, version.path);
      RETURN_IF_ERROR(MakeFolders(path.substr(0, path.rfind('/'))));
      RETURN_IF_ERROR(WriteNewFile(path, bytes));
    }
  }
  return WriteNewFile(JoinPath(corpus, "collection.toml"), "file_name = '{title}({version}).md'\n");
}

// Before and on the day of each version, between any two, and long after the last.
std::set<CivilDate> DaysOf(const std::vector<Version>& versions) {
  std::set<CivilDate> beginnings;
  for (const Version& version : versions) {
    if (version.date) beginnings.insert(*version.date);
  }
  std::set<CivilDate> days = {CivilDate(beginnings.rbegin()->days() + 10'000)};
  std::optional<CivilDate> before;
  for (const CivilDate begins : beginnings) {
    days.insert({CivilDate(begins.days() - 1), begins});
    if (before) days.insert(CivilDate((before->days() + begins.days()) / 2));
    before = begins;
  }
  return days;
}

// Paths of the version in force on the day: the latest that has begun, with its copies.
std::set<std::string> InForce(CivilDate day, const std::vector<Version>& versions) {
  std::optional<CivilDate> begun;
  for (const Version& version : versions) {
    if (*version.date <= day && (!begun || *version.date > *begun)) begun = version.date;
  }
  std::set<std::string> paths;
  for (const Version& version : versions) {
    if (begun && version.date == begun) paths.insert(version.path);
  }
  return paths;
}

TEST(VersionsEvaluationTest, ASearchFindsTheVersionThenInForceOnly) {
  const std::string folder = DataSet();
  if (folder.empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with cn-laws";
  const absl::StatusOr<Laws> laws = ReadLaws(folder);
  ASSERT_TRUE(laws.ok()) << laws.status();
  EXPECT_EQ(laws->size(), 81u);
  const TempFolder temp;
  BuildOptions build;
  build.corpus = temp / "corpus";
  build.kb = temp / "kb";
  ASSERT_TRUE(CopyCorpus(folder, *laws, build.corpus).ok());
  const absl::StatusOr<BuildReport> built = Build(build, nullptr);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_THAT(built->corpus.skipped, testing::IsEmpty());
  const auto searcher = OpenSearcher(build.kb);
  ASSERT_TRUE(searcher.ok()) << searcher.status();

  size_t days = 0, hits = 0, wrong = 0, undated = 0;
  for (const auto& [title, versions] : *laws) {
    std::set<std::string> all;
    bool dated = true;
    for (const Version& version : versions) {
      all.insert(version.path);
      dated = dated && version.date;
    }
    undated += dated ? 0 : 1;
    for (const CivilDate day : DaysOf(versions)) {
      ++days;
      std::set<std::string> found;
      // A name of an article, words of the law, and one question for everything.
      for (const std::string& question :
           {title + "第一条", title + "的适用范围和处罚", std::string("什么情况下应当处罚")}) {
        SearchQuery query;
        query.text = question;
        query.as_of = day;
        query.k = 100;
        const absl::StatusOr<SearchResult> result = (*searcher)->Search(query);
        ASSERT_TRUE(result.ok()) << result.status();
        for (const SearchHit& hit : result->hits) {
          if (!all.contains(hit.document.source_path)) continue;
          ++hits;
          found.insert(hit.document.source_path);
        }
      }
      // Of an undated copy nobody can say which of two equal texts is the right one: never both.
      const std::set<std::string> expected = dated ? InForce(day, versions) : found;
      EXPECT_TRUE(dated || found.size() <= 1) << title << " on " << day.ToString();
      wrong += found == expected ? 0 : 1;
      EXPECT_EQ(found, expected) << title << " on " << day.ToString();
    }
  }
  EXPECT_EQ(undated, 2u);
  EXPECT_GE(days, 3 * laws->size());
  std::printf("laws %zu, days %zu, hits %zu, days with a wrong version %zu\n", laws->size(), days,
              hits, wrong);
}

}  // namespace
}  // namespace policykb
