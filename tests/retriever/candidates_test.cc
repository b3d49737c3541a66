#include "retriever/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "tests/testing/sample_base.h"
#include "tests/testing/sanitizers.h"

namespace policykb {
namespace {

constexpr int kArticles = 40;

// A law of articles over sixty characters, the first of which are common.
std::string RandomLaw(int number, std::mt19937& random) {
  std::exponential_distribution<double> rarity(0.08);
  std::string text = "---\nid: law-" + std::to_string(number) + "\ntitle: 第" +
                     std::to_string(number) + "号规定\nvalid_from: 20" +
                     std::to_string(10 + number % 10) + "-01-01\nvisibility: [" +
                     (number % 7 == 0 ? "staff" : "public") + "]\n---\n";
  for (int article = 1; article <= kArticles; ++article) {
    text += "\n第" + std::to_string(article) + "条 ";
    for (uint32_t i = 0, size = 5 + random() % 40; i < size; ++i) {
      const int character = std::min(59, static_cast<int>(rarity(random)));
      text += {static_cast<char>(0xE5), static_cast<char>(0x90 + character / 30),
               static_cast<char>(0x80 + character % 30)};
    }
    text += "。\n";
  }
  return text;
}

std::string RandomCharacters(size_t size, std::mt19937& random) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    const auto character = static_cast<int>(random() % 62);
    text += {static_cast<char>(0xE5), static_cast<char>(0x90 + character / 30),
             static_cast<char>(0x80 + character % 30)};
  }
  return text;
}

std::string RandomQuestion(std::mt19937& random) {
  return RandomCharacters(1 + random() % 24, random);
}

// Up to three words of the question with up to three synonyms each, of one to three characters.
std::vector<Expansion> RandomExpansions(const std::string& question, std::mt19937& random) {
  std::vector<Expansion> expansions;
  for (uint32_t i = 0, words = random() % 4; i < words; ++i) {
    const size_t begin = random() % (question.size() / 3) * 3;
    Expansion expansion;
    expansion.word = question.substr(begin, 3 * (1 + random() % 3));
    for (uint32_t s = 0, synonyms = 1 + random() % 3; s < synonyms; ++s)
      expansion.synonyms.push_back(RandomCharacters(1 + random() % 3, random));
    expansions.push_back(std::move(expansion));
  }
  return expansions;
}

// 140 laws in segments of at most 2,000 passages; then 20 of them are replaced and 10 withdrawn.
class RandomBase {
 public:
  RandomBase() {
    std::mt19937 random(11);
    EXPECT_TRUE(MakeFolders(folder_ / "corpus").ok());
    for (int law = 0; law < 140; ++law) Write(law, random);
    EXPECT_TRUE(Build(Options(), nullptr).ok());
    for (int law = 0; law < 20; ++law) Write(7 * law, random);
    for (int law = 0; law < 10; ++law) EXPECT_TRUE(RemoveAll(PathOf(13 * law + 1)).ok());
    UpdateOptions update;
    update.corpus = Options().corpus;
    update.kb = Options().kb;
    EXPECT_TRUE(Update(update, nullptr).ok());
    snapshot_ = *Snapshot::OpenCurrent(Options().kb);
  }

  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  BuildOptions Options() const {
    BuildOptions options;
    options.corpus = folder_ / "corpus";
    options.kb = folder_ / "kb";
    options.embedder.dimension = 64;
    options.segment_passages = options.merged_passages = 2000;
    return options;
  }
  std::string PathOf(int law) const { return folder_ / ("corpus/" + std::to_string(law) + ".md"); }
  void Write(int law, std::mt19937& random) const {
    EXPECT_TRUE(RemoveAll(PathOf(law)).ok());
    EXPECT_TRUE(WriteNewFile(PathOf(law), RandomLaw(law, random)).ok());
  }

  TempFolder folder_;
  std::shared_ptr<const Snapshot> snapshot_;
};

// The lexical candidates in the order of their ranks.
std::vector<PassagePlace> Ranked(const std::vector<Candidate>& candidates) {
  std::vector<std::pair<uint32_t, PassagePlace>> ranked;
  for (const Candidate& candidate : candidates) {
    if (candidate.lexical_rank > 0) ranked.emplace_back(candidate.lexical_rank, candidate.place);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<PassagePlace> places;
  for (const auto& [rank, place] : ranked) places.push_back(place);
  return places;
}

// The same by looking at every passage, and what it is made of.
struct Exhaustive {
  double best_lexical = 0;
  std::vector<PassagePlace> places;
};

Exhaustive LookAtAll(const Snapshot& snapshot, QueryEvidence evidence) {
  Exhaustive all;
  std::vector<PassagePlace> allowed;
  for (uint32_t s = 0; s < evidence.passages.size(); ++s) {
    LexicalScorer& scorer = evidence.passages[s];
    for (uint32_t range = 0; range < scorer.ranges(); ++range) scorer.Complete(range);
    for (uint32_t passage = 0; passage < scorer.entries(); ++passage) {
      const PassagePlace place = {.segment = s, .passage = passage};
      if (evidence.Lexical(place) <= 0) continue;
      allowed.push_back(place);
      all.best_lexical = std::max(all.best_lexical, evidence.Lexical(place));
    }
  }
  const double scale = evidence.passage_unit / evidence.best_lexical;
  const double document_scale =
      evidence.best_document > 0 ? kDocumentShare * evidence.document_unit / evidence.best_document
                                 : 0;
  std::vector<std::pair<double, PassagePlace>> scored;
  for (const PassagePlace place : allowed) {
    const uint32_t document =
        snapshot.segments()[place.segment]->columns().document_of(place.passage);
    const double share = evidence.documents[place.segment][document] * document_scale;
    scored.emplace_back(-(evidence.passages[place.segment].ScoreOf(place.passage) * scale + share),
                        place);
  }
  std::sort(scored.begin(), scored.end());
  if (scored.size() > kLexicalCandidates) scored.resize(kLexicalCandidates);
  for (const auto& [score, place] : scored) all.places.push_back(place);
  return all;
}

TEST(CandidateSearchTest, SkippingRangesChangesNoScoreAndNoTie) {
  const RandomBase base;
  ASSERT_GE(base.snapshot().segments().size(), 3u);
  size_t dead = 0;
  for (const auto& segment : base.snapshot().segments())
    dead += segment->entry().dead_documents.size();
  ASSERT_GE(dead, 25u);
  std::mt19937 random(12);
  constexpr size_t kQueries = kSanitized ? 1000 : 10000;
  size_t full = 0;
  for (size_t i = 0; i < kQueries; ++i) {
    SearchQuery query;
    query.text = RandomQuestion(random);
    query.as_of = *CivilDate::Parse("20" + std::to_string(10 + random() % 13) + "-06-01");
    if (random() % 2 == 0) query.labels.emplace_back("staff");
    const ParsedQuery parsed = ParseQuery(query.text);
    CandidateSearch search(
        base.snapshot(), parsed,
        std::make_shared<const SnapshotFilter>(MakeFilter(base.snapshot(), query)),
        RandomExpansions(query.text, random));
    const auto candidates = search.Run({});
    ASSERT_TRUE(candidates.ok()) << candidates.status();
    const Exhaustive all = LookAtAll(base.snapshot(), search.evidence());
    ASSERT_EQ(search.best_lexical(), all.best_lexical) << query.text;
    ASSERT_EQ(Ranked(*candidates), all.places) << query.text;
    full += all.places.size() == kLexicalCandidates ? 1 : 0;
  }
  EXPECT_GE(full, kQueries / 10);
}

TEST(CandidateSearchTest, LexicalScoresAreThoseOfTheStoredImpacts) {
  // An integer weight is off by at most half a unit, the largest of which there are 65535, and a
  // unit that is rounded up to one by less than one; the sum of 24 characters and as many bigrams,
  // each with a code of at most 255, by less than 48 * 255 units. What three words gain counts
  // their characters and pairs or those of a synonym, three at most: 9 * 255 more.
  const RandomBase base;
  std::mt19937 random(13);
  for (int i = 0; i < 50; ++i) {
    SearchQuery query;
    query.text = RandomQuestion(random);
    query.as_of = *CivilDate::Parse("2026-01-01");
    const ParsedQuery parsed = ParseQuery(query.text);
    CandidateSearch search(
        base.snapshot(), parsed,
        std::make_shared<const SnapshotFilter>(MakeFilter(base.snapshot(), query)),
        RandomExpansions(query.text, random));
    const auto candidates = search.Run({});
    ASSERT_TRUE(candidates.ok()) << candidates.status();
    for (const Candidate& candidate : *candidates) {
      double sum = 0;
      for (size_t t = 0; t < search.terms().size(); ++t)
        sum += search.TermScore(t, candidate.place);
      for (const SynonymScores::Gain& gain :
           search.synonyms().Gains(candidate.place.segment, candidate.place.passage)) {
        sum += gain.lexical;
      }
      ASSERT_NEAR(search.evidence().Lexical(candidate.place), sum,
                  57 * 255 * search.evidence().passage_unit + 1e-6);
    }
  }
}

}  // namespace
}  // namespace policykb
