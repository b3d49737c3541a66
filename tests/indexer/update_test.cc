// Updates, withdrawals and compaction: what is searchable afterwards, and that it is what a build
// from nothing would give.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/snapshot/publish.h"
#include "core/snapshot/roll_back.h"
#include "core/snapshot/snapshot.h"
#include "indexer/maintenance.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A base whose corpus changes.
class Changing {
 public:
  explicit Changing(const std::map<std::string, std::string>& files = SampleFiles())
      : base_(files) {}

  void Write(const std::string& name, const std::string& content) const {
    Erase(name);
    EXPECT_TRUE(WriteNewFile(PathOf(name), content).ok());
  }
  void Erase(const std::string& name) const { EXPECT_TRUE(RemoveAll(PathOf(name)).ok()); }

  UpdateReport Update() const {
    absl::StatusOr<UpdateReport> report = policykb::Update(Options(), nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *report : UpdateReport();
  }
  UpdateOptions Options() const {
    UpdateOptions options;
    options.corpus = base_.Options().corpus;
    options.kb = base_.kb();
    return options;
  }
  // Digest of what a build from nothing of the corpus as it is now holds.
  std::string FreshDigest() const {
    const TempFolder folder;
    BuildOptions options = base_.Options();
    options.kb = folder / "kb";
    const absl::StatusOr<BuildReport> report = Build(options, nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? report->content_digest : "";
  }
  std::vector<std::string> Found(const std::string& text, CivilDate as_of = CivilDate(20000),
                                 CallerLabels labels = {kPublicLabel}) const {
    const auto result = base_.Open()->Search(
        {.text = text, .k = 50, .as_of = as_of, .filter = {}, .labels = std::move(labels)});
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<std::string> names;
    if (result.ok()) {
      for (const SearchHit& hit : result->hits) names.push_back(hit.passage.name);
    }
    return names;
  }
  const SampleBase& base() const { return base_; }
  const std::string kb() const { return base_.kb(); }

 private:
  std::string PathOf(const std::string& name) const { return base_.folder() / ("corpus/" + name); }
  SampleBase base_;
};

std::string Rule(const std::string& id, const std::string& title, const std::string& text) {
  return "---\nid: " + id + "\ntitle: " + title + "\nkind: rule\n---\n# " + title + "\n\n第一条 " +
         text + "\n\n第二条 本办法由县人民政府解释。\n";
}

TEST(UpdateTest, WithoutADifferenceNothingIsWritten) {
  const Changing changing;
  const UpdateReport report = changing.Update();
  EXPECT_EQ(report.change.snapshot, "");
  EXPECT_EQ(ListSnapshots(changing.kb())->size(), 1u);
}

TEST(UpdateTest, TakesOverWhatWasAddedChangedAndRemoved) {
  const Changing changing;
  changing.Write("parking.md", Rule("parking", "甲县停车管理办法", "停车位每小时收费三元。"));
  std::string water = SampleFiles().at("water.md");
  water.replace(water.find("5个工作日"), std::string("5个工作日").size(), "3个工作日");
  changing.Write("water.md", water);
  changing.Erase("dogs-2017.md");
  const UpdateReport report = changing.Update();
  EXPECT_EQ(report.change.added, 1u);
  EXPECT_EQ(report.change.changed, 1u);
  EXPECT_EQ(report.change.removed, 1u);
  EXPECT_EQ(report.change.snapshot, ReadCurrent(changing.kb())->snapshot);
  EXPECT_EQ(report.change.content_digest, changing.FreshDigest());
  EXPECT_THAT(changing.Found("停车位收费"), Contains("documents/parking/provisions/art1"));
  const auto searcher = changing.base().Open();
  EXPECT_THAT(searcher->GetDocument("water", {kPublicLabel})->text, HasSubstr("3个工作日"));
  EXPECT_TRUE(absl::IsNotFound(searcher->GetDocument("dogs-2017", {kPublicLabel}).status()));
  EXPECT_TRUE((*Snapshot::OpenCurrent(changing.kb()))->Verify().ok());
}

TEST(UpdateTest, MetadataAloneIsTakenOverWithoutIndexingTheText) {
  const Changing changing;
  std::string water = SampleFiles().at("water.md");
  water.replace(water.find("kind: guide"), std::string("kind: guide").size(),
                "kind: guide\nvisibility: [staff]\nvalid_to: 2030-01-01");
  changing.Write("water.md", water);
  const UpdateReport report = changing.Update();
  EXPECT_EQ(report.change.metadata_changed, 1u);
  EXPECT_EQ(report.change.changed, 0u);
  EXPECT_EQ(report.change.embedded + report.change.reused, 0u);
  EXPECT_EQ(report.change.segments, 1u);
  EXPECT_EQ(report.change.content_digest, changing.FreshDigest());
  EXPECT_THAT(changing.Found("通水时限"), Not(Contains(HasSubstr("documents/water/"))));
  EXPECT_THAT(changing.Found("通水时限", CivilDate(20000), {"staff"}),
              Contains(HasSubstr("documents/water/")));
  EXPECT_THAT(changing.Found("通水时限", CivilDate(40000), {"staff"}),
              Not(Contains(HasSubstr("documents/water/"))));
}

TEST(UpdateTest, ASuccessorEndsItsPredecessorAndItsGoingReopensIt) {
  std::map<std::string, std::string> files = SampleFiles();
  const std::string newer = files.at("dogs-2023.md");
  files.erase("dogs-2023.md");
  const Changing changing(files);
  const CivilDate late = *CivilDate::FromYmd(2024, 1, 1);
  EXPECT_THAT(changing.Found("养犬登记", late), Contains(HasSubstr("documents/dogs-2017/")));
  changing.Write("dogs-2023.md", newer);
  EXPECT_EQ(changing.Update().change.metadata_changed, 1u);
  EXPECT_THAT(changing.Found("养犬登记", late), Not(Contains(HasSubstr("documents/dogs-2017/"))));
  EXPECT_THAT(changing.Found("养犬登记", late), Contains(HasSubstr("documents/dogs-2023/")));
  EXPECT_THAT(changing.Found("养犬登记", *CivilDate::FromYmd(2020, 1, 1)),
              Contains(HasSubstr("documents/dogs-2017/")));
  changing.Erase("dogs-2023.md");
  changing.Update();
  EXPECT_THAT(changing.Found("养犬登记", late), Contains(HasSubstr("documents/dogs-2017/")));
}

TEST(UpdateTest, AFileThatCanNoLongerBeReadKeepsWhatWasIndexed) {
  const Changing changing;
  changing.Write("water.md", "---\nid: [\n---\n# 坏\n");
  const UpdateReport report = changing.Update();
  ASSERT_EQ(report.corpus.skipped.size(), 1u);
  EXPECT_EQ(report.corpus.skipped[0].path, "water.md");
  EXPECT_THAT(changing.Found("通水时限"), Contains(HasSubstr("documents/water/")));
  // It is named again until somebody mends it.
  EXPECT_EQ(changing.Update().corpus.skipped.size(), 1u);
}

TEST(UpdateTest, ADocumentMayMoveToAnotherFile) {
  const Changing changing;
  changing.Erase("water.md");
  changing.Write("renamed.md", SampleFiles().at("water.md"));
  const UpdateReport report = changing.Update();
  EXPECT_EQ(report.change.removed, 0u);
  EXPECT_EQ(report.change.metadata_changed, 1u);
  EXPECT_EQ(changing.base().Open()->GetDocument("water", {kPublicLabel})->source_path,
            "renamed.md");
}

TEST(UpdateTest, AnIdThatAnotherFileHoldsIsNotTaken) {
  const Changing changing;
  changing.Write("twin.md", Rule("water", "假冒", "别的内容。"));
  const UpdateReport report = changing.Update();
  ASSERT_EQ(report.corpus.skipped.size(), 1u);
  EXPECT_THAT(report.corpus.skipped[0].reason, HasSubstr("already taken by water.md"));
  EXPECT_THAT(changing.Found("通水时限"), Contains(HasSubstr("documents/water/")));
}

TEST(UpdateTest, ACorpusThatLostMuchIsRefused) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 30; ++i) {
    const std::string id = "rule" + std::to_string(i);
    files[id + ".md"] = Rule(id, "第" + std::to_string(i) + "号办法", "内容" + id + "。");
  }
  const Changing changing(files);
  for (int i = 0; i < 20; ++i) changing.Erase("rule" + std::to_string(i) + ".md");
  UpdateOptions options = changing.Options();
  const absl::Status status = Update(options, nullptr).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("20 of 30 documents are gone"));
  options.most_removed = 0.7;
  EXPECT_TRUE(Update(options, nullptr).ok());
}

TEST(UpdateTest, UnchangedPassagesOfAChangedDocumentAreNotEmbeddedAgain) {
  const Changing changing;
  std::string dogs = SampleFiles().at("dogs-2023.md");
  dogs.replace(dogs.find("三十日内"), std::string("三十日内").size(), "四十日内");
  changing.Write("dogs-2023.md", dogs);
  const UpdateReport report = changing.Update();
  EXPECT_EQ(report.change.embedded, 1u);
  EXPECT_EQ(report.change.reused, 2u);
}

TEST(UpdateTest, NeedsAPublishedSnapshot) {
  const Changing changing;
  UpdateOptions options = changing.Options();
  options.kb = changing.base().folder() / "nothing";
  EXPECT_TRUE(absl::IsNotFound(Update(options, nullptr).status()));
}

// Any sequence of changes ends where a build from nothing does.
TEST(UpdateTest, ManyRandomChangesEndInTheContentOfAFreshBuild) {
  std::map<std::string, std::string> files;
  for (int i = 0; i < 12; ++i) {
    const std::string id = "r" + std::to_string(i);
    files[id + ".md"] = Rule(id, "第" + std::to_string(i) + "号办法", "原文" + id + "。");
  }
  const Changing changing(files);
  std::mt19937 random(5);
  UpdateReport report;
  for (int round = 0; round < 25; ++round) {
    for (int step = 0; step < 2; ++step) {
      const std::string id = "r" + std::to_string(random() % 16);
      switch (random() % 4) {
        case 0:
          changing.Erase(id + ".md");
          break;
        case 1:
          changing.Write(id + ".md", "---\nid: " + id + "\ntitle: 办法\nkind: law\nvisibility: [" +
                                         (random() % 2 == 0 ? "staff" : "public") +
                                         "]\n---\n第一条 固定内容" + id + "。\n");
          break;
        default:
          changing.Write(id + ".md",
                         Rule(id, "新办法" + id, "第" + std::to_string(random() % 9) + "稿。"));
      }
    }
    report = changing.Update();
    const auto snapshot = *Snapshot::OpenCurrent(changing.kb());
    ASSERT_TRUE(snapshot->Verify().ok());
    ASSERT_LE(snapshot->segments().size(), 8u);
  }
  const std::string fresh = changing.FreshDigest();
  EXPECT_EQ((*Snapshot::OpenCurrent(changing.kb()))->manifest().content_digest, fresh);
  const absl::StatusOr<CompactReport> compacted = Compact(changing.kb(), Publish::kNow, nullptr);
  ASSERT_TRUE(compacted.ok()) << compacted.status();
  EXPECT_EQ(compacted->content_digest, fresh);
  const auto snapshot = *Snapshot::OpenCurrent(changing.kb());
  EXPECT_EQ(snapshot->segments().size(), 1u);
  EXPECT_THAT(snapshot->manifest().segments[0].dead_documents, IsEmpty());
  EXPECT_TRUE(snapshot->Verify().ok());
  EXPECT_EQ(Compact(changing.kb(), Publish::kNow, nullptr)->snapshot, "");
}

// A compacted base scores as the one it was made from.
TEST(CompactTest, ChangesNoScore) {
  const Changing changing;
  changing.Write("parking.md", Rule("parking", "甲县停车管理办法", "停车位每小时收费三元。"));
  changing.Update();
  const auto hits = [&] {
    std::vector<std::pair<std::string, double>> scores;
    const auto result = changing.base().Open()->Search(
        {.text = "登记费每年多少", .k = 50, .as_of = CivilDate(20000), .filter = {}});
    for (const SearchHit& hit : result->hits) scores.emplace_back(hit.passage.name, hit.score);
    return scores;
  };
  const auto before = hits();
  ASSERT_EQ(Compact(changing.kb(), Publish::kNow, nullptr)->merged_segments, 2u);
  const auto after = hits();
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].first, after[i].first);
    EXPECT_NEAR(before[i].second, after[i].second, 1e-5);
  }
}

TEST(WithdrawTest, TextIsUnreachableThroughEveryCallAndStaysOut) {
  const Changing changing;
  const std::string name = "documents/dogs-2023/provisions/art2";
  ASSERT_TRUE(Withdraw(changing.kb(), {"dogs-2023"}, Withdrawal::kWithdraw, Publish::kNow).ok());
  const auto expect_gone = [&] {
    const auto searcher = changing.base().Open();
    const CallerLabels labels = {kPublicLabel, "staff"};
    for (const char* text :
         {"养犬登记", "《甲县养犬管理条例》第二条", "甲政发〔2023〕12号", "甲县养犬管理条例"}) {
      SearchQuery query = {.text = text, .k = 100, .as_of = CivilDate(20000), .filter = {}};
      query.labels = labels;
      query.filter.include_not_in_force = true;
      const auto result = searcher->Search(query);
      ASSERT_TRUE(result.ok()) << result.status();
      for (const SearchHit& hit : result->hits) {
        EXPECT_NE(hit.document.id, "dogs-2023") << text;
        EXPECT_THAT(hit.document.superseded_by, Not(Contains("dogs-2023")));
      }
      for (const Document& document : result->not_in_force) EXPECT_NE(document.id, "dogs-2023");
    }
    EXPECT_TRUE(absl::IsNotFound(searcher->GetDocument("dogs-2023", labels).status()));
    EXPECT_TRUE(absl::IsNotFound(searcher->GetPassages({{name}}, labels).status()));
    EXPECT_EQ(searcher->Info(labels).documents, 3u);
  };
  expect_gone();
  // Its file is still there: neither an update nor a build brings it back.
  changing.Write("parking.md", Rule("parking", "甲县停车管理办法", "停车位每小时收费三元。"));
  changing.Update();
  changing.Erase("parking.md");
  changing.Update();
  expect_gone();
  ASSERT_TRUE(Build(changing.base().Options(), nullptr).ok());
  expect_gone();
  ASSERT_TRUE(Withdraw(changing.kb(), {"dogs-2023"}, Withdrawal::kReadmit, Publish::kNow).ok());
  changing.Update();
  EXPECT_THAT(changing.Found("养犬登记"), Contains(name));
}

TEST(WithdrawTest, AnUnknownDocumentIsNamedAndNothingHappens) {
  const Changing changing;
  const absl::Status status =
      Withdraw(changing.kb(), {"water", "nobody"}, Withdrawal::kWithdraw, Publish::kNow).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("nobody"));
  EXPECT_EQ(ListSnapshots(changing.kb())->size(), 1u);
}

TEST(MaintenanceTest, PublishRollbackAndPrune) {
  const Changing changing;
  const std::string first = ReadCurrent(changing.kb())->snapshot;
  changing.Write("parking.md", Rule("parking", "甲县停车管理办法", "停车位每小时收费三元。"));
  UpdateOptions options = changing.Options();
  options.publish = Publish::kLater;
  const std::string second = Update(options, nullptr)->change.snapshot;
  EXPECT_EQ(ReadCurrent(changing.kb())->snapshot, first);
  // A judge that refuses leaves the live one.
  const auto refuse = [](const std::string&) { return absl::FailedPreconditionError("no"); };
  EXPECT_FALSE(PublishExisting(changing.kb(), "", refuse).ok());
  EXPECT_EQ(ReadCurrent(changing.kb())->snapshot, first);
  EXPECT_EQ(*PublishExisting(changing.kb(), "", nullptr), second);
  EXPECT_EQ(ReadCurrent(changing.kb())->snapshot, second);
  EXPECT_TRUE(absl::IsNotFound(PublishExisting(changing.kb(), "", nullptr).status()));
  EXPECT_EQ(*RollBack(changing.kb(), ""), first);
  EXPECT_THAT(changing.Found("停车位收费"), Not(Contains(HasSubstr("parking"))));
  EXPECT_TRUE(absl::IsFailedPrecondition(RollBack(changing.kb(), "").status()));
  EXPECT_EQ(*RollBack(changing.kb(), second), second);
  // An update after a rollback starts from what is live.
  EXPECT_EQ(*RollBack(changing.kb(), first), first);
  EXPECT_EQ(changing.Update().change.added, 1u);
  const std::string third = ReadCurrent(changing.kb())->snapshot;
  const absl::StatusOr<PruneReport> pruned = Prune(changing.kb(), 1);
  ASSERT_TRUE(pruned.ok());
  EXPECT_THAT(pruned->removed, ElementsAre(first, second));
  EXPECT_THAT(*ListSnapshots(changing.kb()), ElementsAre(third));
  EXPECT_EQ(*Verify(changing.kb(), ""), third);
  EXPECT_TRUE(absl::IsFailedPrecondition(RollBack(changing.kb(), "").status()));
}

TEST(MaintenanceTest, ASecondIndexerIsRefusedAtOnce) {
  const Changing changing;
  const auto held = KnowledgeBaseLock::Acquire(changing.kb());
  ASSERT_TRUE(held.ok());
  for (const absl::Status& status :
       {Update(changing.Options(), nullptr).status(),
        Compact(changing.kb(), Publish::kNow, nullptr).status(),
        Withdraw(changing.kb(), {"water"}, Withdrawal::kWithdraw, Publish::kNow).status(),
        RollBack(changing.kb(), "").status(), Prune(changing.kb(), 1).status(),
        PublishExisting(changing.kb(), "", nullptr).status()}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::to_string(getpid())));
  }
}

constexpr char kQuestion[] =
    "{\"question\": \"毛孩子上户口\", \"passages\": "
    "[\"documents/dogs-2023/provisions/art2\"]}\n";

TEST(EditorialUpdateTest, AnUpdateOfOnlyAnEditorialFileIndexesNothing) {
  const Changing changing;
  const std::string before = changing.base().report().content_digest;
  changing.Write("questions.jsonl", kQuestion);
  const UpdateReport report = changing.Update();
  EXPECT_TRUE(report.change.editorial_changed);
  EXPECT_FALSE(report.change.snapshot.empty());
  EXPECT_EQ(report.change.embedded + report.change.reused, 0u);
  EXPECT_EQ(report.change.added + report.change.changed + report.change.removed, 0u);
  EXPECT_NE(report.change.content_digest, before);
  EXPECT_EQ(report.change.content_digest, changing.FreshDigest());
  EXPECT_EQ(changing.Found("毛孩子上户口")[0], "documents/dogs-2023/provisions/art2");
  // The same again is nothing.
  EXPECT_TRUE(changing.Update().change.snapshot.empty());
  EXPECT_TRUE(Verify(changing.kb(), "").ok());
  changing.Erase("questions.jsonl");
  EXPECT_EQ(changing.Update().change.content_digest, before);
}

TEST(EditorialUpdateTest, WordsOutliveUpdatesCompactionAndWithdrawal) {
  const Changing changing;
  changing.Write("questions.jsonl", kQuestion);
  changing.Write("names.toml", "\"养犬规\" = \"dogs-2023\"");
  changing.Update();
  changing.Write("more.md", Rule("more", "别的办法", "别的。"));
  EXPECT_FALSE(changing.Update().change.editorial_changed);
  ASSERT_TRUE(Compact(changing.kb(), Publish::kNow, nullptr).ok());
  const auto snapshot = Snapshot::OpenCurrent(changing.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  ASSERT_NE((*snapshot)->editorial(), nullptr);
  EXPECT_EQ((*snapshot)->editorial()->Load().aliases.size(), 1u);
  EXPECT_EQ((*snapshot)->manifest().content_digest, changing.FreshDigest());
  ASSERT_TRUE(Withdraw(changing.kb(), {"more"}, Withdrawal::kWithdraw, Publish::kNow).ok());
  EXPECT_EQ(changing.Found("毛孩子上户口")[0], "documents/dogs-2023/provisions/art2");
}

TEST(EditorialUpdateTest, RollbackTakesTheWordsBack) {
  const Changing changing;
  changing.Write("questions.jsonl", kQuestion);
  changing.Update();
  ASSERT_TRUE(RollBack(changing.kb(), "").ok());
  EXPECT_EQ((*Snapshot::OpenCurrent(changing.kb()))->editorial(), nullptr);
}

TEST(EditorialUpdateTest, ABrokenFileKeepsWhatWasThereAndIsNamedByEveryUpdate) {
  const Changing changing;
  changing.Write("names.toml", "\"养犬规\" = \"dogs-2023\"");
  changing.Update();
  changing.Write("names.toml", "\"养犬规\" = ");
  for (int i = 0; i < 2; ++i) {
    const UpdateReport report = changing.Update();
    EXPECT_THAT(report.corpus.left_out, ElementsAre(HasSubstr("names.toml: line 1: ")));
    EXPECT_FALSE(report.corpus.IsWhole());
    EXPECT_TRUE(report.change.snapshot.empty());
  }
  EXPECT_EQ((*Snapshot::OpenCurrent(changing.kb()))->editorial()->Load().aliases.size(), 1u);
}

TEST(EditorialUpdateTest, AQuestionWhosePassageGoesIsNamedAndTheUpdateGoesOn) {
  const Changing changing;
  changing.Write("questions.jsonl", kQuestion);
  changing.Update();
  changing.Erase("dogs-2023.md");
  const UpdateReport report = changing.Update();
  EXPECT_TRUE(report.corpus.IsWhole());
  EXPECT_THAT(report.corpus.warnings,
              Contains(HasSubstr("questions.jsonl: line 1: passage "
                                 "documents/dogs-2023/provisions/art2 is not there")));
  EXPECT_THAT(changing.Found("毛孩子上户口"), Not(Contains(HasSubstr("dogs-2023"))));
}

TEST(EditorialUpdateTest, NamesThatDocumentsDefineFollowTheDocuments) {
  const auto defining = [](const std::string& name) {
    return Rule("own", "甲县公债券办法", "《甲县公债券办法》（以下简称" + name + "）。");
  };
  const Changing changing;
  changing.Write("own.md", defining("债券办法"));
  changing.Update();
  const auto names = [&] {
    std::vector<std::string> found;
    const auto snapshot = Snapshot::OpenCurrent(changing.kb());
    if ((*snapshot)->editorial() == nullptr) return found;
    for (const DefinedName& name : (*snapshot)->editorial()->Load().defined_names)
      found.push_back(name.document + " " + name.name);
    return found;
  };
  EXPECT_THAT(names(), ElementsAre("own 债券办法"));
  changing.Write("own.md", defining("公债办法"));
  EXPECT_EQ(changing.Update().change.content_digest, changing.FreshDigest());
  EXPECT_THAT(names(), ElementsAre("own 公债办法"));
  changing.Erase("own.md");
  EXPECT_EQ(changing.Update().change.content_digest, changing.base().report().content_digest);
  EXPECT_THAT(names(), IsEmpty());
}

TEST(EditorialUpdateTest, AFlippedByteInTheWordsIsRefusedOnOpening) {
  const Changing changing;
  changing.Write("questions.jsonl", kQuestion);
  const UpdateReport report = changing.Update();
  for (const std::string file : {"editorial.bin", "questions.lex", "questions.vec"}) {
    const std::string path =
        changing.kb() + "/snapshots/" + report.change.snapshot + "/editorial/" + file;
    const std::string bytes = *ReadFile(path);
    std::string changed = bytes;
    changed[bytes.size() / 2] = static_cast<char>(changed[bytes.size() / 2] ^ 1);
    ASSERT_TRUE(WriteFileAtomically(path, changed).ok());
    EXPECT_TRUE(absl::IsDataLoss(Snapshot::OpenCurrent(changing.kb()).status())) << file;
    ASSERT_TRUE(WriteFileAtomically(path, bytes).ok());
    EXPECT_TRUE(Snapshot::OpenCurrent(changing.kb()).ok()) << file;
  }
}

}  // namespace
}  // namespace policykb
