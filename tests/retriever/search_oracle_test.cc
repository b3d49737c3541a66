// Searches over random bases against what the documents themselves say: who may see what on which
// day, and what the rest may do to it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/base/strings.h"
#include "tests/retriever/source_base.h"
#include "tests/testing/sample_records.h"
#include "tests/testing/sanitizers.h"

namespace policykb {
namespace {

constexpr int kBases = kSanitized ? 6 : 50;
constexpr int kQueriesPerBase = kSanitized ? 200 : 2000;
// Bases made for one caller, day and filter, to compare with.
constexpr int kOthersPerBase = 2;

std::string Described(const SearchQuery& query) {
  return Cat("\"", query.text, "\" as of ", query.as_of.ToString(), " for {",
             Join(query.labels, ","), "}",
             query.filter.include_not_in_force ? ", also not in force" : "");
}

// What is shown for itself and what is named as a copy of that.
std::multiset<std::string> NamesOf(const SearchResult& result) {
  std::multiset<std::string> names;
  for (const SearchHit& hit : result.hits) {
    names.insert(hit.passage.name);
    names.insert(hit.duplicates.begin(), hit.duplicates.end());
  }
  return names;
}

SearchResult Search(const LocalSearcher& searcher, const SearchQuery& query) {
  absl::StatusOr<SearchResult> result = searcher.Search(query);
  EXPECT_TRUE(result.ok()) << Described(query) << ": " << result.status();
  return result.ok() ? *std::move(result) : SearchResult();
}

const SourceDocument* LiveDocument(const SourceBase& base, const std::string& id) {
  for (const SourceDocument& source : base.documents) {
    if (source.live && source.document.id == id) return &source;
  }
  return nullptr;
}

class SearchOracleTest : public testing::Test {
 protected:
  // Calls `check(base, searcher)` for each of `bases` random bases.
  template <typename Check>
  void ForEachBase(int bases, const Check& check) {
    for (int i = 0; i < bases && !HasFailure(); ++i) {
      const SourceBase base = RandomSourceBase(random_);
      const std::shared_ptr<const LocalSearcher> searcher = writer_.Write(base);
      ASSERT_NE(searcher, nullptr);
      check(base, *searcher);
    }
  }

  std::mt19937_64 random_{20260101};
  SourceBaseWriter writer_;
};

TEST_F(SearchOracleTest, FindsAllThatTheCallerMayFindOnThatDayAndNothingElse) {
  size_t hits = 0;
  size_t kept_back = 0;
  ForEachBase(kBases, [&](const SourceBase& base, const LocalSearcher& searcher) {
    for (int i = 0; i < kQueriesPerBase && !HasFailure(); ++i) {
      const SearchQuery query = RandomQuery(random_);
      const SearchResult result = Search(searcher, query);
      const std::multiset<std::string> found = NamesOf(result);
      ASSERT_EQ(found.size(), std::set<std::string>(found.begin(), found.end()).size())
          << Described(query) << ": a passage twice";
      // A base this small is within reach of the dense candidates, but for a query without a piece
      // that the embedder knows.
      const std::vector<float> vector = *writer_.embedder().EmbedQuery(query.text);
      const bool dense =
          std::any_of(vector.begin(), vector.end(), [](float component) { return component != 0; });
      size_t expected = 0;
      for (const SourceDocument& source : base.documents) {
        for (const Passage& passage : source.passages) {
          // A dead text shares its name with the live one.
          if (!source.live) continue;
          const bool may = MayFind(source, passage, query);
          kept_back += may ? 0 : 1;
          if (!may) {
            ASSERT_FALSE(found.contains(passage.name)) << Described(query) << ": " << passage.name;
          } else if (dense || SharesTerm(passage, query.text)) {
            ASSERT_TRUE(found.contains(passage.name)) << Described(query) << ": " << passage.name;
          }
          expected += may ? 1 : 0;
        }
      }
      ASSERT_LE(found.size(), expected) << Described(query) << ": what is in no document";
      hits += found.size();
      for (const SearchHit& hit : result.hits) {
        const SourceDocument* source = LiveDocument(base, hit.document.id);
        ASSERT_NE(source, nullptr) << hit.document.id;
        ASSERT_EQ(hit.passage.text, Slice(source->document.text, hit.passage.span));
      }
    }
  });
  // Both answers occur often enough to mean something.
  EXPECT_GT(hits, static_cast<size_t>(kBases * kQueriesPerBase));
  EXPECT_GT(kept_back, static_cast<size_t>(kBases * kQueriesPerBase));
}

TEST_F(SearchOracleTest, NamesAsNotInForceOnlyWhatTheCallerMaySee) {
  size_t named = 0;
  ForEachBase(kBases / 5, [&](const SourceBase& base, const LocalSearcher& searcher) {
    for (int i = 0; i < kQueriesPerBase && !HasFailure(); ++i) {
      const SearchQuery query = RandomQuery(random_);
      for (const Document& document : Search(searcher, query).not_in_force) {
        ++named;
        const SourceDocument* source = LiveDocument(base, document.id);
        ASSERT_NE(source, nullptr) << Described(query) << ": " << document.id;
        // By its document alone: labels of single articles do not hide that it exists.
        ASSERT_TRUE(MaySee(*source, {}, query.labels)) << Described(query) << ": " << document.id;
        ASSERT_FALSE(document.validity.Contains(query.as_of)) << Described(query);
      }
    }
  });
  EXPECT_GT(named, 0u);
}

TEST_F(SearchOracleTest, GivesByNameWhatTheCallerMaySeeAndNothingElse) {
  ForEachBase(kBases / 5, [&](const SourceBase& base, const LocalSearcher& searcher) {
    for (int i = 0; i < 20; ++i) {
      const CallerLabels labels = RandomQuery(random_).labels;
      uint64_t documents = 0;
      uint64_t passages = 0;
      for (const SourceDocument& source : base.documents) {
        if (!source.live) continue;
        const bool may = MaySee(source, {}, labels);
        documents += may ? 1 : 0;
        ASSERT_EQ(searcher.GetDocument(source.document.id, labels).ok(), may);
        for (const Passage& passage : source.passages) {
          const bool may_passage = MaySee(source, passage, labels);
          passages += may_passage ? 1 : 0;
          ASSERT_EQ(searcher.GetPassages({&passage.name, 1}, labels).ok(), may_passage);
        }
      }
      ASSERT_EQ(searcher.Info(labels).documents, documents);
      ASSERT_EQ(searcher.Info(labels).passages, passages);
    }
  });
}

// What this query's caller may find, alone.
SourceBase AllowedOnly(const SourceBase& base, const SearchQuery& query) {
  SourceBase allowed;
  for (const SourceDocument& source : base.documents) {
    SourceDocument kept = source;
    std::erase_if(kept.passages,
                  [&](const Passage& passage) { return !MayFind(source, passage, query); });
    if (!kept.passages.empty()) allowed.documents.push_back(std::move(kept));
  }
  return allowed;
}

// The features that no statistics over passages enter.
constexpr std::string_view kOwnFeatures[] = {"cosine", "length", "law"};

TEST_F(SearchOracleTest, WhatAPassageIsByItselfDoesNotDependOnWhatIsHidden) {
  size_t compared = 0;
  ForEachBase(kBases / 5, [&](const SourceBase& base, const LocalSearcher& searcher) {
    for (int other = 0; other < kOthersPerBase; ++other) {
      SearchQuery query = RandomQuery(random_);
      query.explain = true;
      const SourceBase allowed = AllowedOnly(base, query);
      if (allowed.documents.empty()) continue;
      const std::shared_ptr<const LocalSearcher> alone = writer_.Write(allowed);
      for (int i = 0; i < kQueriesPerBase / 5 && !HasFailure(); ++i) {
        query.text = RandomQuery(random_).text;
        std::map<std::string, SearchHit> expected;
        for (SearchHit& hit : Search(*alone, query).hits) expected[hit.passage.name] = hit;
        for (const SearchHit& hit : Search(searcher, query).hits) {
          const SearchHit& same = expected[hit.passage.name];
          ++compared;
          ASSERT_EQ(hit.passage, same.passage) << Described(query);
          ASSERT_EQ(hit.matched_spans, same.matched_spans) << Described(query);
          for (size_t f = 0; f < hit.features.size(); ++f) {
            const std::string& name = hit.features[f].name;
            if (std::count(std::begin(kOwnFeatures), std::end(kOwnFeatures), name) == 0) continue;
            ASSERT_EQ(hit.features[f].value, same.features[f].value)
                << Described(query) << ": " << hit.passage.name << " " << name;
          }
        }
      }
    }
  });
  EXPECT_GT(compared, 0u);
}

// The same base in which documents that this query's caller may find nothing of say everything
// twice. As many passages hold each term.
SourceBase HiddenSaysMore(const SourceBase& base, const SearchQuery& query) {
  SourceBase changed = base;
  for (SourceDocument& source : changed.documents) {
    const bool hidden =
        std::none_of(source.passages.begin(), source.passages.end(),
                     [&](const Passage& passage) { return MayFind(source, passage, query); });
    if (!hidden) continue;
    std::vector<std::string> articles;
    for (const Passage& passage : source.passages)
      articles.push_back(Cat(passage.text, "\n", passage.text));
    const auto [document, passages] =
        SampleRegulation(source.document.id, source.document.title, articles);
    source.document.text = document.text;
    source.document.provisions = document.provisions;
    if (source.written) source.written->text = document.text;
    for (size_t i = 0; i < passages.size(); ++i) {
      source.passages[i].text = passages[i].text;
      source.passages[i].span = passages[i].span;
    }
  }
  return changed;
}

TEST_F(SearchOracleTest, OfHiddenDocumentsOnlyTheNumberThatHoldsATermCounts) {
  size_t compared = 0;
  ForEachBase(kBases / 5, [&](const SourceBase& base, const LocalSearcher& searcher) {
    for (int other = 0; other < kOthersPerBase; ++other) {
      SearchQuery query = RandomQuery(random_);
      const std::shared_ptr<const LocalSearcher> changed =
          writer_.Write(HiddenSaysMore(base, query));
      for (int i = 0; i < kQueriesPerBase / 5 && !HasFailure(); ++i) {
        query.text = RandomQuery(random_).text;
        const SearchResult result = Search(searcher, query);
        const SearchResult same = Search(*changed, query);
        ASSERT_EQ(result.hits.size(), same.hits.size()) << Described(query);
        for (size_t h = 0; h < result.hits.size(); ++h) {
          ++compared;
          ASSERT_EQ(result.hits[h].passage.name, same.hits[h].passage.name) << Described(query);
          ASSERT_EQ(result.hits[h].score, same.hits[h].score)
              << Described(query) << ": " << result.hits[h].passage.name;
        }
        ASSERT_EQ(result.evidence.answerability, same.evidence.answerability) << Described(query);
        ASSERT_EQ(result.evidence.known_terms, same.evidence.known_terms) << Described(query);
        ASSERT_EQ(result.evidence.best_lexical, same.evidence.best_lexical) << Described(query);
      }
    }
  });
  EXPECT_GT(compared, 0u);
}

}  // namespace
}  // namespace policykb
