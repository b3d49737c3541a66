// The indexer over a corpus in which nearly everything is wrong that can be: each thing is named
// with its file and line on one line, what is good is searchable, and the exit code tells.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/snapshot/snapshot.h"
#include "retriever/local_searcher.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/sanitizers.h"
#include "tests/testing/zip_writer.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kExitSkipped = 4;

std::string Repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

// A rule with these lines of front matter behind id, title and kind, from line 5.
std::string Rule(const std::string& id, const std::string& title, const std::string& more = "",
                 const std::string& text = "第一条 猫有窝。\n") {
  return Cat("---\nid: ", id, "\ntitle: ", title, "\nkind: rule\n", more, "---\n# ", title, "\n\n",
             text);
}

// A .docx whose main part is said to be `target`.
std::string DocxLeadingTo(const std::string& target) {
  return MakeZip({{.name = "_rels/.rels",
                   .content = Cat("<Relationships xmlns=\"http://schemas.openxmlformats.org/"
                                  "package/2006/relationships\"><Relationship Id=\"r\" "
                                  "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                                  "relationships/officeDocument\" Target=\"",
                                  target, "\"/></Relationships>")},
                  {.name = "../../escaped.txt", .content = "甲"}});
}

struct BadFile {
  std::string path;
  std::string bytes;
  // The program's line about it, behind "  path: "; empty for a file that is named by another's.
  std::string told;
};

// Archives and markup that would take memory, time or other files.
std::vector<BadFile> HostileFiles() {
  constexpr std::string_view kEntities =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE w:styles [<!ENTITY a \"aaaaaaaaaa\">"
      "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<w:styles>&b;</w:styles>";
  constexpr std::string_view kParagraph = "<w:p><w:r><w:t>甲。</w:t></w:r></w:p>";
  return {
      {"hostile/bomb.docx",
       MakeDocx(kParagraph, {{.name = "word/styles.xml", .zeros = size_t{70} << 20}}),
       "zip entry word/styles.xml: above the limit entry_bytes of 67108864 bytes unpacked"},
      {"hostile/broken.docx", "PK, but not really", "no .docx or .xlsx file: zip archive: "},
      {"hostile/broken.pdf", "%PDF-1.7\nand nothing else\n",
       "damaged PDF file: pdftotext: exit code 1: "},
      {"hostile/entities.docx",
       MakeDocx(kParagraph, {{.name = "word/styles.xml", .content = std::string(kEntities)}}),
       "styles part line 2: a document type declaration, which no office file has"},
      {"hostile/escape.docx", DocxLeadingTo("../../../../../../etc/passwd"),
       "no office file: _rels/.rels names the main part etc/passwd, which is not in the archive"},
      {"hostile/nested.docx",
       MakeDocx(Cat(Repeated("<w:tbl><w:tr><w:tc>", 1000), kParagraph,
                    Repeated("</w:tc></w:tr></w:tbl>", 1000))),
       "word/document.xml line 1: elements nested deeper than 250"},
      {"hostile/nested.html",
       Cat("<html>\n<body>\n", Repeated("<table><tr><td>", 1000), "甲",
           Repeated("</td></tr></table>", 1000), "</body></html>"),
       "line 3: elements nested deeper than 512"},
      {"hostile/noise.txt", std::string("\xFF\xFF\x80\x80\x81"),
       "not UTF-8 at byte 0, not GB18030 at byte 0"},
  };
}

// Metadata that cannot be meant.
std::vector<BadFile> WrongMetadata() {
  return {
      {"metadata/deep.md", Rule("deep", "甲", Cat("source: ", std::string(100, '['), "\n")),
       "line 5: front matter is nested too deeply, at most 16 levels"},
      {"metadata/impossible.md", Rule("impossible", "甲", "valid_from: 2023-02-30\n"),
       "line 5: valid_from '2023-02-30' is no date of the form YYYY-MM-DD"},
      {"metadata/open.md", "---\nvisibility: [staff]\n\n# 甲\n\n第一条 乙。\n",
       "line 1: front matter begins with --- and does not end with a line of --- within 65536 "
       "bytes"},
      {"metadata/range.md", Rule("range", "甲", "valid_from: 2023-05-01\nvalid_to: 2022-05-01\n"),
       "line 6: valid_to 2022-05-01 is not after valid_from 2023-05-01"},
      {"metadata/sidecar.md", Rule("sidecar", "甲"),
       "sidecar.md.meta.toml: line 2: valid_form is no key; keys: id, title, "},
      {"metadata/sidecar.md.meta.toml", "region = '甲县'\nvalid_form = 2023-05-01\n", ""},
      {"metadata/sidecar_day.md", Rule("sidecar-day", "甲"),
       "sidecar_day.md.meta.toml: line 1: Error while parsing date: expected day between 1 and 28 "
       "(inclusive), saw 30"},
      {"metadata/sidecar_day.md.meta.toml", "valid_from = 2023-02-30\n", ""},
      {"metadata/twice.md", Rule("twice", "甲", "kind: law\n"),
       "line 5: key 'kind' stands twice, first on line 4"},
      {"metadata/unknown.md", Rule("unknown", "甲", "valid_form: 2023-05-01\n"),
       "line 5: valid_form is no key; keys: id, title, "},
      {"metadata/words.md", Rule("words", "甲", "visibility: [\"a\\nb\"]\n"),
       "line 5: visibility 'a\\nb' is no visibility label of letters, digits, - _ ."},
  };
}

// Statements that contradict each other.
std::vector<BadFile> Contradictions() {
  return {
      {"revisions/new.md",
       Rule("circle-new", "甲县养鸟办法", "valid_from: 2020-05-01\nsupersedes: [circle-old]\n"),
       "line 6: supersedes circle-old (revisions/old.md), which leads back to itself"},
      {"revisions/old.md",
       Rule("circle-old", "甲县养鱼办法", "valid_from: 2010-05-01\nsupersedes: [circle-new]\n"),
       "line 6: supersedes circle-new (revisions/new.md), which leads back to itself"},
      {"revisions/twin_a.md", Rule("twin", "甲县养兔办法"), ""},
      {"revisions/twin_b.md", Rule("twin", "甲县养兔细则"),
       "line 2: id twin is already taken by revisions/twin_a.md"},
  };
}

// Lists of service items.
std::vector<BadFile> WrongLists() {
  return {
      {"lists/collection.toml", "kind = 'guide'\n[items]\ntitle = '事项'\nvalid_from = '起'\n", ""},
      {"lists/columns.csv", "名称,起\n养犬登记,2023-05-01\n",
       "line 1: no column 事项 in the first 20 rows"},
      {"lists/rows.csv",
       "事项,起,条件\n养犬登记,2023-05-01,成年。\n,2023-05-01,成年。\n养猫登记,2023-02-30,成年。\n",
       "line 3: row without 事项"},
      {"lists/quote.csv", "事项,起\n养犬登记,\"2023-05-01\n", "line 2: a quote that never ends"},
      {"lists/wide.csv", Cat("事项,起\n养犬登记", Repeated(",甲", 10'000), "\n"),
       "line 2: more columns than the limit max_columns of 1000"},
      {"lists2/collection.toml", "kind = 'guide'\nvisible = ['staff']\n", ""},
      {"lists2/a.md", Rule("under-wrong-collection", "甲"),
       "lists2/collection.toml: line 2: visible is no key of a collection; keys: "},
  };
}

class BadInputTest : public testing::Test {
 protected:
  BadInputTest() {
    Write("good/cats.md", Rule("cats", "甲县养猫办法", "", "第一条 养猫应当登记。\n"));
    Write("good/dogs.md", Rule("dogs", "甲县养犬办法", "", "第一条 养犬应当登记。\n"));
    for (const auto& files : {HostileFiles(), WrongMetadata(), Contradictions(), WrongLists()})
      bad_.insert(bad_.end(), files.begin(), files.end());
    for (const BadFile& file : bad_) Write(file.path, file.bytes);
  }

  void Write(const std::string& path, const std::string& bytes) const {
    const std::string whole = folder_ / ("corpus/" + path);
    ASSERT_TRUE(MakeFolders(whole.substr(0, whole.rfind('/'))).ok());
    ASSERT_TRUE(WriteNewFile(whole, bytes).ok());
  }

  ChildResult Run(std::vector<std::string> arguments) const {
    ChildCommand command;
    command.program = POLICYKB_INDEXER;
    command.arguments = std::move(arguments);
    command.limits.wall_clock = absl::Seconds(200);
    command.limits.cpu_seconds = 200;
    command.limits.file_bytes = uint64_t{1} << 30;
    command.limits.open_files = 1024;
    // None of this takes memory that a build does not need anyway.
    command.limits.memory_bytes = kSanitized ? UINT64_MAX : uint64_t{3} << 30;
    absl::StatusOr<ChildResult> result = RunChild(command);
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : ChildResult();
  }
  ChildResult Build() const {
    return Run(
        {"build", "--kb", kb(), "--corpus", folder_ / "corpus", "--dimension", "64", "--list-all"});
  }
  ChildResult Update() const {
    return Run({"update", "--kb", kb(), "--corpus", folder_ / "corpus", "--list-all"});
  }
  std::string kb() const { return folder_ / "kb"; }

  void ExpectAllTold(const std::string& output) const {
    for (const BadFile& file : bad_) {
      if (!file.told.empty()) {
        EXPECT_THAT(output, HasSubstr(Cat("\n  ", file.path, ": ", file.told)));
      }
    }
    // The second bad row of its list.
    EXPECT_THAT(output, HasSubstr("\n  lists/rows.csv: line 4: valid_from '2023-02-30' is no "
                                  "date of the form YYYY-MM-DD\n"));
  }

  // Documents found by the words.
  std::vector<std::string> Found(const std::string& words) const {
    const auto snapshot = Snapshot::OpenCurrent(kb());
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    if (!snapshot.ok()) return {};
    const auto result = LocalSearcher(*snapshot).Search(
        {.text = words, .k = 20, .as_of = CivilDate(20000), .filter = {}, .labels = {"public"}});
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<std::string> documents;
    if (result.ok()) {
      for (const SearchHit& hit : result->hits) documents.push_back(hit.passage.document_id);
    }
    return documents;
  }

  const TempFolder folder_;
  std::vector<BadFile> bad_;
};

TEST_F(BadInputTest, EachBadThingIsNamedAndTheRestGoesOn) {
  const ChildResult build = Build();
  EXPECT_EQ(build.exit_code, kExitSkipped) << build.output << build.last_error;
  ExpectAllTold(build.output);
  EXPECT_THAT(Found("养猫登记"), Contains("cats"));
  EXPECT_THAT(Found("养犬登记"), Contains("dogs"));
  // Of what is wrong in parts the rest is there: the good row, both of the circle, one of the
  // twins.
  EXPECT_THAT(Found("养犬登记"), Contains("lists.rows.养犬登记"));
  for (const std::string document : {"circle-new", "circle-old", "twin"})
    EXPECT_THAT(Found("猫有窝"), Contains(document));
  EXPECT_THAT(Found("养猫登记"), Not(Contains("lists.rows.养猫登记")));
  // What staff alone may see is not public for want of an end of its front matter.
  EXPECT_THAT(Found("乙"), Not(Contains("metadata.open")));
  // What an archive calls a path is none.
  for (const char* name : {"escaped.txt", "corpus/escaped.txt", "../escaped.txt"})
    EXPECT_FALSE(std::filesystem::exists(folder_ / name)) << name;
}

TEST_F(BadInputTest, AnUpdateNamesItAgainAndChangesNothing) {
  ASSERT_EQ(Build().exit_code, kExitSkipped);
  const absl::StatusOr<Current> before = ReadCurrent(kb());
  const ChildResult update = Update();
  EXPECT_EQ(update.exit_code, kExitSkipped) << update.output << update.last_error;
  ExpectAllTold(update.output);
  EXPECT_THAT(update.output, HasSubstr("nothing differs from the live snapshot"));
  const absl::StatusOr<Current> after = ReadCurrent(kb());
  ASSERT_TRUE(before.ok() && after.ok()) << before.status() << after.status();
  EXPECT_EQ(after->snapshot, before->snapshot);
}

TEST_F(BadInputTest, WhatIsMendedIsTakenAndTheExitCodeIsGood) {
  ASSERT_EQ(Build().exit_code, kExitSkipped);
  for (const BadFile& file : bad_) ASSERT_TRUE(RemoveAll(folder_ / ("corpus/" + file.path)).ok());
  Write("metadata/range.md",
        Rule("range", "甲县养龟办法", "valid_from: 2022-05-01\nvalid_to: 2025-05-01\n",
             "第一条 养龟不登记。\n"));
  const ChildResult update = Update();
  EXPECT_EQ(update.exit_code, 0) << update.output << update.last_error;
  EXPECT_THAT(Found("养龟"), Contains("range"));
  EXPECT_THAT(Found("猫有窝"), Not(Contains("twin")));
}

}  // namespace
}  // namespace policykb
