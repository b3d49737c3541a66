// SampleBase: a knowledge base built from a few files, for tests of everything that reads one.
//
// Not shared between threads; what it opens is const.

#ifndef POLICYKB_TESTS_TESTING_SAMPLE_BASE_H_
#define POLICYKB_TESTS_TESTING_SAMPLE_BASE_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "core/base/files.h"
#include "indexer/pipeline.h"
#include "retriever/local_searcher.h"
#include "tests/base/temp_folder.h"

namespace policykb {

// A county's rules on dogs (two revisions), on water, and a paper for staff: the smallest base in
// which visibility, validity and ranking all matter.
inline const std::map<std::string, std::string>& SampleFiles() {
  static const std::map<std::string, std::string> files = {
      {"dogs-2017.md",
       "---\nid: dogs-2017\ntitle: 甲县养犬管理办法\nkind: rule\nissuer: 甲县人民政府\nregion: "
       "甲县\n"
       "valid_from: 2017-05-01\n---\n# 甲县养犬管理办法\n\n## 第一章 总则\n\n第一条 "
       "为了规范养犬行为，制定本办法。\n\n"
       "## 第二章 登记\n\n第二条 "
       "养犬人应当自取得犬只之日起六十日内办理养犬登记，登记费每只每年二百元。\n"},
      {"dogs-2023.md",
       "---\nid: dogs-2023\ntitle: 甲县养犬管理条例\nkind: regulation\nissuer: "
       "甲县人大常委会\nregion: 甲县\n"
       "document_number: 甲政发〔2023〕12号\nvalid_from: 2023-05-01\nsupersedes: "
       "[dogs-2017]\n---\n# 甲县养犬管理条例\n\n"
       "## 第一章 总则\n\n第一条 为了规范养犬行为，保障公民人身安全，制定本条例。\n\n## 第二章 "
       "登记\n\n"
       "第二条 养犬人应当自取得犬只之日起三十日内办理养犬登记，登记不收取费用。\n\n"
       "第三条 违反本条例规定，未办理养犬登记的，责令限期改正；逾期不改正的，处五百元以下罚款。\n"},
      {"water.md",
       "---\nid: water\ntitle: 居民用水报装指南\nkind: guide\nissuer: 甲县水务局\nregion: "
       "甲县\n---\n# 居民用水报装指南\n\n"
       "## 办理时限\n\n自受理之日起5个工作日内完成通水。\n\n## 收费标准\n\n不收费。\n"},
      {"staff.md",
       "---\nid: staff-dogs\ntitle: 养犬登记窗口内部口径\nkind: normative\nvisibility: "
       "[staff]\n---\n# 养犬登记窗口内部口径\n\n"
       "第一条 对养犬登记材料不齐的，窗口应当一次性告知，内部暗号为青蛙。\n"},
  };
  return files;
}

class SampleBase {
 public:
  // `files`: contents by path.
  explicit SampleBase(const std::map<std::string, std::string>& files = SampleFiles()) {
    EXPECT_TRUE(MakeFolders(folder_ / "corpus").ok());
    for (const auto& [name, content] : files) {
      const std::string path = folder_ / ("corpus/" + name);
      EXPECT_TRUE(MakeFolders(path.substr(0, path.rfind('/'))).ok());
      EXPECT_TRUE(WriteNewFile(path, content).ok());
    }
    const absl::StatusOr<BuildReport> report = Build(Options(), nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    if (report.ok()) report_ = *report;
  }

  BuildOptions Options() const {
    BuildOptions options;
    options.corpus = folder_ / "corpus";
    options.kb = kb();
    options.embedder.dimension = 64;
    return options;
  }
  std::string kb() const { return folder_ / "kb"; }
  const TempFolder& folder() const { return folder_; }
  const BuildReport& report() const { return report_; }

  std::shared_ptr<const LocalSearcher> Open() const {
    absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot = Snapshot::OpenCurrent(kb());
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    return snapshot.ok() ? std::make_shared<const LocalSearcher>(*snapshot) : nullptr;
  }

 private:
  TempFolder folder_;
  BuildReport report_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_SAMPLE_BASE_H_
