#include "core/snapshot/lexical_scorer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_kernels.h"

namespace policykb {
namespace {

using testing::ElementsAre;

std::string NewPath() {
  const std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::string path = JoinPath(testing::TempDir(), "lexical_scorer_" + name + ".lex");
  EXPECT_TRUE(RemoveAll(path).ok());
  return path;
}

// One field of weight 1, k1 1, no length normalisation: impact = 2 tf / (tf + 1).
std::unique_ptr<LexicalIndex> Build(const std::vector<std::vector<std::string>>& entries) {
  LexicalIndexWriter writer({.fields = {{.weight = 1, .k1 = 1, .b = 0}}, .unigram_weight = 1});
  for (const std::vector<std::string>& words : entries) {
    std::vector<Term> terms;
    for (const std::string& word : words)
      terms.push_back({.text = word, .kind = TermKind::kWord, .span = {}});
    writer.Add({&terms, 1});
  }
  const std::string path = NewPath();
  EXPECT_TRUE(writer.Finish(path, writer.MeanLengths()).ok());
  auto index = LexicalIndex::Open(path);
  EXPECT_TRUE(index.ok()) << index.status();
  return *std::move(index);
}

// A term in one of 1, 2, 4, ... entries each, and one that comes in bursts, so that lists are short
// and long and blocks of every form.
constexpr uint32_t kEntries = 20011;  // the last range is not full
constexpr int kTerms = 15;

std::string TermOf(int number) { return "t" + std::to_string(number); }

std::unique_ptr<LexicalIndex> BuildRandom() {
  std::mt19937 random(3);
  std::vector<std::vector<std::string>> entries(kEntries);
  for (uint32_t ordinal = 0; ordinal < kEntries; ++ordinal) {
    for (int term = 0; term + 1 < kTerms; ++term) {
      if (random() % (1U << term) == 0)
        entries[ordinal].insert(entries[ordinal].end(), 1 + random() % 3, TermOf(term));
    }
    if (ordinal / 1000 % 3 == 1) entries[ordinal].push_back(TermOf(kTerms - 1));
  }
  return Build(entries);
}

std::vector<WeightedList> RandomLists(const LexicalIndex& index, std::mt19937& random) {
  std::vector<WeightedList> lists;
  const uint32_t largest = LargestTermWeight(kTerms);
  for (int term = 0; term < kTerms; ++term) {
    if (random() % 2 == 0) continue;
    const uint32_t weight = random() % 8 == 0 ? largest : 1 + random() % largest;
    const auto list = index.Find(TermOf(term));
    EXPECT_TRUE(list) << TermOf(term);
    if (list) lists.push_back({.list = *list, .weight = weight});
  }
  return lists;
}

// Scores by decoding every list.
std::vector<uint32_t> ScoresOf(const LexicalIndex& index, const std::vector<WeightedList>& lists) {
  std::vector<uint32_t> scores(index.entries(), 0);
  for (const WeightedList& list : lists) {
    std::vector<CodedPosting> postings;
    EXPECT_TRUE(index.DecodeCodes(list.list.position, postings).ok());
    for (const CodedPosting& p : postings) scores[p.ordinal] += list.weight * p.code;
  }
  return scores;
}

TEST(LexicalScorerTest, AddsWeightTimesCode) {
  // The largest impact is k1 + 1 = 2, code 255. "a" has tf 2: impact 4 / 3, code 170; "b" tf 3:
  // impact 1.5, code round(191.25) = 191.
  const auto index = Build({{"a", "a"}, {"b", "b", "b", "a", "a"}, {}});
  LexicalScorer scorer(*index, std::vector<WeightedList>{{.list = *index->Find("a"), .weight = 10},
                                                         {.list = *index->Find("b"), .weight = 3}});
  ASSERT_EQ(scorer.ranges(), 1u);
  EXPECT_GE(scorer.Bound(0), 2273u);
  scorer.Complete(0);
  EXPECT_THAT(scorer.Scores(0), ElementsAre(1700, 1700 + 573, 0));
  EXPECT_EQ(scorer.ScoreOf(1), 2273u);
}

TEST(LexicalScorerTest, NoWeightThatIsAllowedOverflows) {
  // 2^32 - 1 = 4294967295; one term has 16 bits; 1000 terms: 4294967295 / 255 / 1000 = 16843.0.
  EXPECT_EQ(LargestTermWeight(0), 65535u);
  EXPECT_EQ(LargestTermWeight(1), 65535u);
  EXPECT_EQ(LargestTermWeight(257), 65535u);
  EXPECT_EQ(LargestTermWeight(1000), 16843u);
  for (const size_t terms : {1u, 257u, 258u, 5460u, 1000000u})
    EXPECT_LE(uint64_t{LargestTermWeight(terms)} * 255 * terms, 0xFFFFFFFFu) << terms;
}

TEST(LexicalScorerTest, EveryRangeHasTheScoresOfAllPostingsAndNoneAboveItsBound) {
  const auto index = BuildRandom();
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    const std::vector<WeightedList> lists = RandomLists(*index, random);
    const std::vector<uint32_t> expected = ScoresOf(*index, lists);
    LexicalScorer scorer(*index, lists);
    ASSERT_EQ(scorer.entries(), kEntries);
    ASSERT_EQ(scorer.ranges(), (kEntries + LexicalScorer::kRange - 1) / LexicalScorer::kRange);
    std::vector<uint32_t> order(scorer.ranges());
    for (uint32_t range = 0; range < scorer.ranges(); ++range) order[range] = range;
    std::shuffle(order.begin(), order.end(), random);
    for (const uint32_t range : order) {
      const uint32_t bound = scorer.Bound(range);
      scorer.Complete(range);
      scorer.Complete(range);
      const std::span<const uint32_t> scores = scorer.Scores(range);
      for (uint32_t i = 0; i < scores.size(); ++i) {
        ASSERT_EQ(scores[i], expected[range * LexicalScorer::kRange + i]);
        ASSERT_LE(scores[i], bound);
      }
    }
  }
}

TEST(LexicalScorerTest, ARangeWithoutPostingsIsBoundedByNothing) {
  std::vector<std::vector<std::string>> entries(2000);
  for (size_t i = 700; i < 1300; ++i) entries[i] = {"burst", "burst"};
  const auto index = Build(entries);
  LexicalScorer scorer(*index, std::vector<WeightedList>{{*index->Find("burst"), 2}});
  // 700 / 256 = 2, 1299 / 256 = 5; code 170 (impact 4 / 3 of 2).
  for (uint32_t range = 0; range < scorer.ranges(); ++range)
    EXPECT_EQ(scorer.Bound(range), range >= 2 && range <= 5 ? 340u : 0u) << range;
}

TEST(LexicalListTest, PostingsOfSeveralListsAreDecodedBehindEachOther) {
  const auto index = BuildRandom();
  std::vector<CodedPosting> together;
  std::vector<CodedPosting> expected;
  // The second list begins before the first one ends.
  for (const int term : {0, 1, 0}) {
    const LexicalIndex::TermList list = *index->Find(TermOf(term));
    std::vector<CodedPosting> alone;
    ASSERT_TRUE(index->DecodeCodes(list.position, alone).ok());
    ASSERT_GT(alone.size(), 1u);
    expected.insert(expected.end(), alone.begin(), alone.end());
    ASSERT_TRUE(index->DecodeCodes(list.position, together).ok());
  }
  ASSERT_EQ(together.size(), expected.size());
  for (size_t i = 0; i < together.size(); ++i) {
    EXPECT_EQ(together[i].ordinal, expected[i].ordinal);
    EXPECT_EQ(together[i].code, expected[i].code);
  }
}

TEST(EntrySetTest, MembersKnowTheirPositions) {
  const EntrySet set({0, 63, 64, 130}, 131);
  EXPECT_EQ(set.size(), 4u);
  for (const uint32_t other : {1u, 62u, 65u, 129u, 131u, 191u, 192u, 0xFFFFFFFFu})
    EXPECT_FALSE(set.Contains(other)) << other;
  for (uint32_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(set.Contains(set.ordinals()[i]));
    EXPECT_EQ(set.PositionOf(set.ordinals()[i]), i);
  }
  EXPECT_FALSE(EntrySet({}, 0).Contains(0));
}

TEST(EntrySetTest, TheOrderInWhichMembersAreGivenDoesNotMatter) {
  const EntrySet set({130, 0, 64, 63}, 131);
  EXPECT_EQ(set.ordinals(), (std::vector<uint32_t>{0, 63, 64, 130}));
  EXPECT_EQ(set.PositionOf(64), 2u);
}

TEST(LexicalScorerTest, TheEntriesThatHoldATermAreThoseWithAnImpact) {
  const auto index = BuildRandom();
  std::mt19937 random(5);
  for (int term = 0; term < kTerms; ++term) {
    const LexicalIndex::TermList list = *index->Find(TermOf(term));
    for (const uint32_t step : {1u, 7u, 300u, 5000u, 50000u}) {
      std::vector<uint32_t> ordinals;
      for (uint32_t at = random() % step; at < kEntries; at += 1 + random() % step)
        ordinals.push_back(at);
      std::vector<uint32_t> expected;
      for (uint32_t i = 0; i < ordinals.size(); ++i) {
        if (index->ImpactIn(list, ordinals[i]) > 0) expected.push_back(i);
      }
      EXPECT_EQ(index->Holding(list, EntrySet(ordinals, kEntries)), expected);
    }
  }
}

TEST(LexicalKernelsTest, ThePortableKernelsComeFirstAndTheBestLast) {
  ASSERT_FALSE(RunnableLexicalKernels().empty());
  EXPECT_STREQ(RunnableLexicalKernels().front().name, "portable");
  EXPECT_EQ(RunnableLexicalKernels().back().name, BestLexicalKernels().name);
}

TEST(LexicalKernelsTest, AllKernelsAgreeForEveryLength) {
  std::mt19937 random(6);
  const LexicalKernels& portable = RunnableLexicalKernels().front();
  for (const LexicalKernels& kernels : RunnableLexicalKernels()) {
    SCOPED_TRACE(kernels.name);
    EXPECT_EQ(kernels.largest(nullptr, 0), 0u);
    for (uint32_t n = 0; n < 200; ++n) {
      std::string codes(n, '\0');
      for (char& code : codes) code = static_cast<char>(random());
      std::vector<uint32_t> expected(n + 1);
      for (uint32_t& score : expected) score = static_cast<uint32_t>(random());
      std::vector<uint32_t> scores = expected;
      EXPECT_EQ(kernels.largest(scores.data(), n), portable.largest(scores.data(), n));
      const uint32_t weight = random() % 0x10000;
      portable.add_dense(codes.data(), n, weight, expected.data());
      kernels.add_dense(codes.data(), n, weight, scores.data());
      ASSERT_EQ(scores, expected) << n;  // the one behind the last included
    }
  }
}

TEST(LexicalKernelsTest, ScoresThatAreEnoughAreMarkedForEveryLength) {
  std::mt19937 random(7);
  for (const LexicalKernels& kernels : RunnableLexicalKernels()) {
    SCOPED_TRACE(kernels.name);
    const uint32_t by_hand[] = {4, 5, 6, 0xFFFFFFFF, 0};
    EXPECT_EQ(kernels.at_least(by_hand, 5, 5), 0b01110u);
    EXPECT_EQ(kernels.at_least(by_hand, 2, 5), 0b00010u);
    EXPECT_EQ(kernels.at_least(by_hand, 5, 0), 0b11111u);
    for (uint32_t n = 0; n <= LexicalKernels::kMostCompared; ++n) {
      std::vector<uint32_t> scores(n + 1);
      for (uint32_t& score : scores) score = static_cast<uint32_t>(random());
      const auto least = static_cast<uint32_t>(random());
      uint64_t expected = 0;
      for (uint32_t i = 0; i < n; ++i) expected |= uint64_t{scores[i] >= least} << i;
      EXPECT_EQ(kernels.at_least(scores.data(), n, least), expected) << n;
    }
  }
}

TEST(LexicalKernelsTest, DistancesAreFoundWhereTheyStandByAllKernels) {
  std::mt19937 random(5);
  for (uint32_t n = 0; n < 128; ++n) {
    std::vector<uint16_t> distances;
    for (uint32_t i = 0, at = 0; i < n; ++i) {
      at += 1 + random() % 500;
      distances.push_back(static_cast<uint16_t>(at));
    }
    // Bytes of their own, so that a read behind them is found.
    const std::vector<char> bytes(reinterpret_cast<const char*>(distances.data()),
                                  reinterpret_cast<const char*>(distances.data() + n));
    // Each distance and the one behind it, and 0, which is none.
    std::vector<uint16_t> wanted = {0};
    for (const uint16_t distance : distances) {
      wanted.push_back(distance);
      wanted.push_back(static_cast<uint16_t>(distance + 1));
    }
    for (const LexicalKernels& kernels : RunnableLexicalKernels()) {
      SCOPED_TRACE(kernels.name);
      for (size_t begin = 0; begin < wanted.size(); begin += LexicalKernels::kMostCompared) {
        const auto count = static_cast<uint32_t>(
            std::min<size_t>(LexicalKernels::kMostCompared, wanted.size() - begin));
        std::vector<uint8_t> at(count);
        const uint64_t found =
            kernels.find16(bytes.data(), n, wanted.data() + begin, count, at.data());
        for (uint32_t i = 0; i < count; ++i) {
          const auto stands = std::find(distances.begin(), distances.end(), wanted[begin + i]);
          ASSERT_EQ(found >> i & 1, stands == distances.end() ? 0u : 1u) << wanted[begin + i];
          if (stands == distances.end()) continue;
          ASSERT_EQ(at[i], stands - distances.begin());
        }
        ASSERT_TRUE(count == 64 || found >> count == 0);
      }
    }
  }
}

TEST(LexicalScorerTest, GainsAreAddedAndBounded) {
  const auto index = Build({{"a"}, {"a"}, {"b", "b"}});
  const std::vector<WeightedList> lists = {{.list = *index->Find("b"), .weight = 1}};
  const std::vector<EntryGain> gains = {{.entry = 0, .units = 700}, {.entry = 0, .units = 50}};
  LexicalScorer scorer(*index, lists, gains);
  scorer.Complete(0);
  // "b" twice: impact 4 / 3 of at most 2, code 170.
  EXPECT_THAT(scorer.Scores(0), ElementsAre(750, 0, 170));
  EXPECT_EQ(scorer.Bound(0), 750u);
}

}  // namespace
}  // namespace policykb
