#include "core/snapshot/lexical_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/snapshot/lexical_scorer.h"

namespace policykb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Fields = std::vector<std::vector<Term>>;

Term Word(std::string text) {
  return {.text = std::move(text), .kind = TermKind::kWord, .span = {}};
}

std::vector<Term> Words(const std::vector<std::string>& words) {
  std::vector<Term> terms;
  for (const std::string& word : words) terms.push_back(Word(word));
  return terms;
}

// One field of weight 1, k1 1, no length normalisation: impact = 2 tf / (tf + 1).
LexicalOptions PlainOptions() {
  return {.fields = {{.weight = 1, .k1 = 1, .b = 0}}, .unigram_weight = 0.5};
}

class LexicalIndexTest : public testing::Test {
 protected:
  std::string NewPath() {
    const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    const std::string path = JoinPath(testing::TempDir(), name + std::to_string(files_++) + ".lex");
    EXPECT_TRUE(RemoveAll(path).ok());
    return path;
  }

  std::string Write(const LexicalOptions& options, const std::vector<Fields>& entries) {
    LexicalIndexWriter writer(options);
    for (const Fields& fields : entries) writer.Add(fields);
    const std::string path = NewPath();
    const absl::Status status = writer.Finish(path, writer.MeanLengths());
    EXPECT_TRUE(status.ok()) << status;
    return path;
  }

  std::unique_ptr<LexicalIndex> Build(const LexicalOptions& options,
                                      const std::vector<Fields>& entries) {
    auto index = LexicalIndex::Open(Write(options, entries));
    EXPECT_TRUE(index.ok()) << index.status();
    EXPECT_TRUE((*index)->Verify().ok()) << (*index)->Verify();
    return *std::move(index);
  }

 private:
  int files_ = 0;
};

float ImpactOf(const LexicalIndex& index, std::string_view term, uint32_t ordinal) {
  const auto list = index.Find(term);
  return list ? index.ImpactIn(*list, ordinal) : -1;
}

TEST_F(LexicalIndexTest, ImpactFollowsTheFormulaOfOneField) {
  // k1 1.2, b 0.75; lengths 3 and 1, mean 2.
  // "law" in entry 0: tf 2, 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 1.5)) = 4.4 / 3.65 = 1.20548.
  // "tax" in entry 0: 2.2 / (1 + 1.65) = 0.83019. "law" in entry 1: 2.2 / (1 + 1.2 * 0.625)
  // = 1.25714. No impact can exceed k1 + 1 = 2.2, which is the largest code, 255: no impact is off
  // by more than half a step, 2.2 / 510 = 0.00431.
  const auto index = Build({.fields = {{}}, .unigram_weight = 1},
                           {{Words({"law", "tax", "law"})}, {Words({"law"})}});
  EXPECT_EQ(index->entries(), 2u);
  EXPECT_THAT(index->AllTerms(), ElementsAre("law", "tax"));
  EXPECT_NEAR(ImpactOf(*index, "law", 0), 1.20548, 0.00432);
  EXPECT_NEAR(ImpactOf(*index, "tax", 0), 0.83019, 0.00432);
  EXPECT_NEAR(ImpactOf(*index, "law", 1), 1.25714, 0.00432);
  EXPECT_EQ(ImpactOf(*index, "tax", 1), 0);
  EXPECT_NEAR(index->Find("law")->max_impact, 1.25714, 0.00432);
  EXPECT_EQ(index->Find("law")->entries, 2u);
  EXPECT_EQ(index->Find("la"), std::nullopt);
  EXPECT_EQ(index->Find(""), std::nullopt);
}

TEST_F(LexicalIndexTest, FieldsAddUpWithTheirWeights) {
  // k1 1, b 0 in both: tf 1 gives 1, tf 3 gives 6 / 4 = 1.5. a: 1 * 1 + 0.5 * 1.5 = 1.75; b: 0.5
  // * 1. The largest possible: 1 * 2 + 0.5 * 2 = 3.
  const LexicalOptions options = {
      .fields = {{.weight = 1, .k1 = 1, .b = 0}, {.weight = 0.5, .k1 = 1, .b = 0}},
      .unigram_weight = 1};
  const auto index = Build(options, {{Words({"a"}), Words({"a", "a", "a", "b"})}});
  EXPECT_NEAR(ImpactOf(*index, "a", 0), 1.75, 3.0001 / 510);
  EXPECT_NEAR(ImpactOf(*index, "b", 0), 0.5, 3.0001 / 510);
}

TEST_F(LexicalIndexTest, UnigramsWeighLessAndCountOnlyWhenAlone) {
  // The first text has length 3: the bigram, the word, the lone unigram. k1 1, b 1, mean (3 + 1) /
  // 2 = 2: entry 0: 2 / (1 + 1.5) = 0.8 for each term, unigrams half of it; entry 1 (length 1): 2 /
  // (1
  // + 0.5) = 1.33333.
  const LexicalOptions options = {.fields = {{.weight = 1, .k1 = 1, .b = 1}},
                                  .unigram_weight = 0.5};
  const auto index = Build(options, {{Analyze("劳动 x 法")}, {Words({"x"})}});
  EXPECT_THAT(index->AllTerms(), ElementsAre("x", "动", "劳", "劳动", "法"));
  EXPECT_NEAR(ImpactOf(*index, "x", 1), 1.33333, 2.0001 / 510);
  for (const std::string_view term : {"x", "劳动"})
    EXPECT_NEAR(ImpactOf(*index, term, 0), 0.8, 2.0001 / 510);
  for (const std::string_view term : {"劳", "动", "法"})
    EXPECT_NEAR(ImpactOf(*index, term, 0), 0.4, 2.0001 / 510);
}

TEST_F(LexicalIndexTest, TermsWithoutWeightAreLeftOut) {
  LexicalOptions options = PlainOptions();
  options.unigram_weight = 0;
  const auto index = Build(options, {{Analyze("劳动")}});
  EXPECT_THAT(index->AllTerms(), ElementsAre("劳动"));
}

TEST_F(LexicalIndexTest, AnIndexWithoutTermsOpens) {
  const auto none = Build(PlainOptions(), {});
  EXPECT_EQ(none->entries(), 0u);
  EXPECT_EQ(none->Find("a"), std::nullopt);
  const auto silent = Build(PlainOptions(), {{{}}, {{}}});
  EXPECT_EQ(silent->entries(), 2u);
  EXPECT_EQ(silent->terms(), 0u);
  EXPECT_THAT(silent->AllTerms(), IsEmpty());
}

TEST_F(LexicalIndexTest, TermsAreFoundAmongManyOfOneBeginning) {
  // More terms than one sample apart, sharing their first eight bytes, and some that are prefixes
  // of others.
  std::vector<std::string> words = {"aaaaaaaa", "aaaaaaa", "a", "b", std::string("a\0", 2), "\xFF"};
  for (int i = 0; i < 300; ++i) words.push_back("aaaaaaaa" + std::to_string(i));
  const auto index = Build(PlainOptions(), {{Words(words)}});
  ASSERT_EQ(index->terms(), words.size());
  std::sort(words.begin(), words.end());
  const std::vector<std::string_view> all = index->AllTerms();
  EXPECT_TRUE(std::equal(all.begin(), all.end(), words.begin()));
  for (size_t i = 0; i < words.size(); ++i) {
    const auto list = index->Find(words[i]);
    ASSERT_TRUE(list) << words[i];
    EXPECT_EQ(list->position, i);
    EXPECT_EQ(index->Find(words[i] + "x"), std::nullopt);
  }
}

// Entries with words of every density, so that lists of every form appear.
struct RandomEntries {
  static constexpr uint32_t kCount = 70000;
  // Word -> one in so many entries holds it.
  std::map<std::string, uint32_t> rarity = {
      {"each", 1},        {"half", 2},          {"third", 3},   {"tenth", 10},
      {"hundredth", 100}, {"thousandth", 1000}, {"rare", 20000}};
  std::vector<Fields> entries;
  std::map<std::string, std::map<uint32_t, uint32_t>> tfs;

  RandomEntries() {
    std::mt19937 random(5);
    for (uint32_t ordinal = 0; ordinal < kCount; ++ordinal) {
      std::vector<Term> terms;
      const auto add = [&](const std::string& word, uint32_t times) {
        tfs[word][ordinal] = times;
        terms.insert(terms.end(), times, Word(word));
      };
      for (const auto& [word, one_in] : rarity) {
        if (random() % one_in == 0) add(word, 1 + random() % 4);
      }
      if (ordinal >= 100 && ordinal < 140) add("cluster", 1);    // one-byte distances
      if (ordinal % 69999 == 0) add("ends", 2);                  // four-byte distance, short list
      if (ordinal < 127 || ordinal % 30000 == 9) add("gap", 1);  // a long list with a far block
      entries.push_back({std::move(terms)});
    }
  }
};

TEST_F(LexicalIndexTest, EveryWayOfReadingAListGivesTheSamePostings) {
  const RandomEntries random;
  const auto index = Build(PlainOptions(), random.entries);
  ASSERT_EQ(index->terms(), random.tfs.size());
  // Largest possible impact: k1 + 1 = 2.
  const double half_step = 2.0 / 510 + 1e-6;
  for (const auto& [word, tfs] : random.tfs) {
    SCOPED_TRACE(word);
    const auto list = index->Find(word);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->entries, tfs.size());
    const auto postings = index->Decode(*list);
    ASSERT_TRUE(postings.ok()) << postings.status();
    ASSERT_EQ(postings->size(), tfs.size());
    std::vector<uint32_t> scores(RandomEntries::kCount, 1);
    index->AddScores(*list, 3, scores);
    auto expected = tfs.begin();
    float largest = 0;
    for (const Posting& posting : *postings) {
      ASSERT_EQ(posting.ordinal, expected->first);
      const double tf = expected->second;
      ASSERT_NEAR(posting.impact, 2 * tf / (tf + 1), half_step);
      const uint32_t code = (scores[posting.ordinal] - 1) / 3;
      ASSERT_EQ(index->impact_scale() * static_cast<float>(code), posting.impact);
      ASSERT_EQ(scores[posting.ordinal] % 3, 1u);
      scores[posting.ordinal] = 1;
      largest = std::max(largest, posting.impact);
      ++expected;
    }
    EXPECT_EQ(largest, list->max_impact);
    EXPECT_EQ(std::count(scores.begin(), scores.end(), 1u), RandomEntries::kCount);
    size_t next = 0;
    for (uint32_t ordinal = 0; ordinal < RandomEntries::kCount; ++ordinal) {
      const bool holds = next < postings->size() && (*postings)[next].ordinal == ordinal;
      ASSERT_EQ(index->ImpactIn(*list, ordinal), holds ? (*postings)[next].impact : 0) << ordinal;
      next += holds;
    }
    EXPECT_EQ(index->ImpactIn(*list, RandomEntries::kCount), 0);
    EXPECT_EQ(index->ImpactIn(*list, 0xFFFFFFFF), 0);
  }
}

TEST_F(LexicalIndexTest, EqualEntriesGiveEqualBytes) {
  const std::vector<Fields> entries = {
      {Analyze("劳动合同法 law")}, {Analyze("合同")}, {Analyze("law law")}};
  const auto first = ReadFile(Write(PlainOptions(), entries));
  const auto second = ReadFile(Write(PlainOptions(), entries));
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
}

TEST_F(LexicalIndexTest, MissingFileIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(LexicalIndex::Open(NewPath()).status()));
}

TEST_F(LexicalIndexTest, AnotherVersionIsAFailedPrecondition) {
  std::string bytes = *ReadFile(Write(PlainOptions(), {{Words({"a"})}}));
  bytes[8] = 9;
  const std::string path = NewPath();
  ASSERT_TRUE(WriteNewFile(path, bytes).ok());
  const absl::Status status = LexicalIndex::Open(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("9"));
}

// A list of every form, small enough to damage every byte: short lists, and long ones dense and
// with distances.
std::vector<Fields> SmallEntriesOfEveryForm() {
  std::vector<Fields> entries;
  for (uint32_t ordinal = 0; ordinal < 700; ++ordinal) {
    std::vector<Term> terms;
    if (ordinal % 50 == 3 && ordinal < 250) terms.push_back(Word("short"));
    if (ordinal % 5 == 0) terms.push_back(Word("long"));
    if (ordinal % 2 == 0 && ordinal < 280) terms.push_back(Word("dense"));
    if (ordinal == 7 || ordinal == 699) terms.push_back(Word("wide"));
    entries.push_back({std::move(terms)});
  }
  return entries;
}

// Without syncing, for thousands of versions of a file.
void Overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  ASSERT_TRUE(file.flush().good());
}

// Uses everything of an index that may be damaged; nothing may be written outside the scores.
void UseAll(const LexicalIndex& index) {
  constexpr size_t kMargin = 64;
  // A damaged count of entries may be huge; the caller compares it with the manifest before it
  // allocates.
  if (index.entries() > 100000) return;
  constexpr uint32_t kUntouched = 0xABCDABCD;
  std::vector<uint32_t> memory(index.entries() + 2 * kMargin, kUntouched);
  const std::span<uint32_t> scores(memory.data() + kMargin, index.entries());
  std::vector<WeightedList> lists;
  for (const std::string_view term : index.AllTerms()) {
    if (const auto list = index.Find(term)) {
      index.AddScores(*list, 1, scores);
      lists.push_back({.list = *list, .weight = 1});
      EXPECT_TRUE(index.Decode(*list).ok() || absl::IsDataLoss(index.Decode(*list).status()));
      for (uint32_t ordinal = 0; ordinal < index.entries(); ordinal += 7)
        index.ImpactIn(*list, ordinal);
    }
  }
  for (size_t i = 0; i < kMargin; ++i) {
    ASSERT_EQ(memory[i], kUntouched);
    ASSERT_EQ(memory[memory.size() - 1 - i], kUntouched);
  }
  LexicalScorer scorer(index, lists);
  for (uint32_t range = 0; range < scorer.ranges(); ++range) scorer.Complete(range);
  const absl::Status verified = index.Verify();
  EXPECT_TRUE(verified.ok() || absl::IsDataLoss(verified)) << verified;
}

TEST_F(LexicalIndexTest, NoFlippedByteLeadsOutsideTheFileOrTheScores) {
  const std::string good = *ReadFile(Write(PlainOptions(), SmallEntriesOfEveryForm()));
  const std::string path = NewPath();
  for (size_t at = 0; at < good.size(); ++at) {
    for (const int mask : {0x01, 0x80, 0xFF}) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ mask);
      Overwrite(path, bytes);
      const auto index = LexicalIndex::Open(path);
      if (index.ok()) UseAll(**index);
      if (HasFatalFailure()) FAIL() << "byte " << at << " mask " << mask;
    }
  }
}

TEST_F(LexicalIndexTest, EveryTruncationIsDataLoss) {
  const std::string good = *ReadFile(Write(PlainOptions(), SmallEntriesOfEveryForm()));
  const std::string path = NewPath();
  for (size_t size = 0; size < good.size(); ++size) {
    Overwrite(path, std::string_view(good).substr(0, size));
    const absl::Status status = LexicalIndex::Open(path).status();
    ASSERT_TRUE(absl::IsDataLoss(status)) << size << " " << status;
  }
}

TEST_F(LexicalIndexTest, VerifyNamesTheDamagedTerm) {
  // The only list is short: head (8 bytes), one-byte distances 50, 100, 150, 200, five codes. Its
  // second distance is set to the first one's value.
  std::vector<Fields> entries = SmallEntriesOfEveryForm();
  for (Fields& fields : entries)
    std::erase_if(fields[0], [](const Term& t) { return t.text != "short"; });
  std::string bytes = *ReadFile(Write(PlainOptions(), entries));
  const std::string distances = {50, 100, static_cast<char>(150)};
  const size_t at = bytes.find(distances);
  ASSERT_NE(at, std::string::npos);
  bytes[at + 1] = 50;
  const std::string path = NewPath();
  ASSERT_TRUE(WriteNewFile(path, bytes).ok());
  const auto index = LexicalIndex::Open(path);
  ASSERT_TRUE(index.ok()) << index.status();
  const absl::Status status = (*index)->Verify();
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              testing::AllOf(HasSubstr("short"), HasSubstr("ascend"), HasSubstr(path)));
}

TEST_F(LexicalIndexTest, TooFewScoresAreLeftAlone) {
  const auto index = Build(PlainOptions(), {{Words({"a"})}, {Words({"a"})}});
  std::vector<uint32_t> scores(1, 0);
  index->AddScores(*index->Find("a"), 1, scores);
  EXPECT_EQ(scores[0], 0u);
}

}  // namespace
}  // namespace policykb
