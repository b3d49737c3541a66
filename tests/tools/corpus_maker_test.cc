#include "tools/corpus_maker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class CorpusMakerTest : public testing::Test {
 protected:
  CorpusMakerTest() {
    // Three sources with two articles each, and a file that is not copied.
    EXPECT_TRUE(MakeFolders(folder_ / "from/sub").ok());
    for (const char* name : {"from/a.md", "from/b.md", "from/sub/c.txt"})
      EXPECT_TRUE(
          WriteNewFile(folder_ / name, "# 甲县渡船办法\n\n第一条 乙。\n\n第二条 丙。\n").ok());
    EXPECT_TRUE(WriteNewFile(folder_ / "from/d.pdf", "x").ok());
  }
  MakeCorpusOptions Options(const std::string& to, uint64_t articles) const {
    return {.from = {folder_ / "from"}, .to = folder_ / to, .articles = articles, .seed = 1};
  }
  std::vector<std::string> Paths(const std::string& corpus) const {
    std::vector<std::string> paths;
    const auto files = ListFilesBelow(folder_ / corpus);
    EXPECT_TRUE(files.ok()) << files.status();
    if (!files.ok()) return paths;
    for (const ListedFile& file : *files) paths.push_back(file.relative_path);
    return paths;
  }
  std::string Contents(const std::string& corpus) const {
    std::string all;
    for (const std::string& path : Paths(corpus))
      all += Cat(path, "\n", *ReadFile(folder_ / (corpus + "/" + path)));
    return all;
  }

  const TempFolder folder_;
};

TEST_F(CorpusMakerTest, CopiesRoundAfterRoundUntilTheArticlesAreReached) {
  // Six articles a round: nine need a whole round and two documents of the next.
  const absl::StatusOr<MadeCorpus> made = MakeCorpus(Options("big", 9));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(made->sources, 3u);
  EXPECT_EQ(made->documents, 5u);
  EXPECT_EQ(made->articles, 10u);
  EXPECT_EQ(made->bytes, *TreeSize(folder_ / "big"));
  const std::vector<std::string> paths = Paths("big");
  EXPECT_EQ(paths.size(), 5u);
  EXPECT_THAT(paths, testing::IsSupersetOf(
                         {"round1/from0/a.md", "round1/from0/b.md", "round1/from0/sub/c.txt"}));
}

TEST_F(CorpusMakerTest, EqualSeedsGiveEqualCorpora) {
  ASSERT_TRUE(MakeCorpus(Options("one", 20)).ok());
  ASSERT_TRUE(MakeCorpus(Options("two", 20)).ok());
  EXPECT_EQ(Contents("one"), Contents("two"));
}

TEST_F(CorpusMakerTest, RefusesAFolderThatHoldsSomethingAndSourcesWithoutArticles) {
  const absl::Status full = MakeCorpus(Options("from", 9)).status();
  EXPECT_EQ(full.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(full.message()), HasSubstr("expected an empty folder"));
  MakeCorpusOptions options = Options("big", 9);
  ASSERT_TRUE(MakeFolders(folder_ / "empty").ok());
  options.from = {folder_ / "empty"};
  EXPECT_EQ(MakeCorpus(options).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CorpusMakerTest, TouchingChangesAsManyFilesAsAskedFor) {
  ASSERT_TRUE(MakeCorpus(Options("big", 20)).ok());
  std::vector<std::string> before;
  for (const std::string& path : Paths("big"))
    before.push_back(*ReadFile(folder_ / ("big/" + path)));
  const auto touched = TouchCorpus(folder_ / "big", 4, 1);
  ASSERT_TRUE(touched.ok()) << touched.status();
  EXPECT_EQ(touched->size(), 4u);
  size_t differ = 0;
  const std::vector<std::string> paths = Paths("big");
  for (size_t i = 0; i < paths.size(); ++i)
    differ += *ReadFile(folder_ / ("big/" + paths[i])) == before[i] ? 0 : 1;
  EXPECT_EQ(differ, 4u);
  EXPECT_EQ(TouchCorpus(folder_ / "big", 11, 1).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace policykb
