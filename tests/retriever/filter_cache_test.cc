#include "retriever/filter_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "retriever/visibility_filter.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

SearchQuery QueryOn(const std::string& day) {
  SearchQuery query;
  query.text = "养犬登记";
  query.as_of = *CivilDate::Parse(day);
  return query;
}

TEST(FilterKeyTest, DiffersWhereAnotherPassageMayBeSeen) {
  const SearchQuery plain = QueryOn("2026-01-01");
  EXPECT_NE(FilterKey(plain), FilterKey(QueryOn("2026-01-02")));
  SearchQuery query = plain;
  query.labels = {"public", "staff"};
  EXPECT_NE(FilterKey(plain), FilterKey(query));
  // One label that looks like two.
  SearchQuery joined = plain;
  joined.labels = {"public5:staff"};
  EXPECT_NE(FilterKey(query), FilterKey(joined));
  // One value in any of the lists.
  std::vector<std::string> keys = {FilterKey(plain)};
  for (auto list : {&SearchFilter::kinds, &SearchFilter::regions, &SearchFilter::issuers,
                    &SearchFilter::documents, &SearchFilter::excluded_documents}) {
    query = plain;
    (query.filter.*list).emplace_back("a");
    keys.push_back(FilterKey(query));
  }
  query = plain;
  query.filter.include_not_in_force = true;
  keys.push_back(FilterKey(query));
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
}

TEST(FilterKeyTest, IsOneForQueriesThatSeeTheSame) {
  SearchQuery a = QueryOn("2026-01-01");
  SearchQuery b = a;
  b.text = "别的问题";
  b.k = 3;
  a.labels = {"public", "staff"};
  b.labels = {"staff", "public", "staff"};
  EXPECT_EQ(FilterKey(a), FilterKey(b));
  a.filter.include_not_in_force = b.filter.include_not_in_force = true;
  b.as_of = *CivilDate::Parse("2020-01-01");
  EXPECT_EQ(FilterKey(a), FilterKey(b));
}

TEST(FilterCacheTest, KeepsAFilterAndForgetsTheOneLongestUnused) {
  const SampleBase base;
  const auto searcher = base.Open();
  FilterCache cache(searcher->snapshot());
  const auto first = cache.Get(QueryOn("2026-01-01"));
  EXPECT_EQ(cache.Get(QueryOn("2026-01-01")), first);
  for (int day = 0; day < 100; ++day) {
    SearchQuery query = QueryOn("2025-01-01");
    query.as_of = CivilDate(query.as_of.days() + day);
    cache.Get(query);
    EXPECT_LE(cache.size(), FilterCache::kMostFilters);
    // Used again and again, it stays.
    EXPECT_EQ(cache.Get(QueryOn("2026-01-01")), first);
  }
  EXPECT_EQ(cache.size(), FilterCache::kMostFilters);
  SearchQuery huge = QueryOn("2026-01-01");
  huge.filter.documents.assign(1, std::string(FilterCache::kLongestKey, 'd'));
  EXPECT_NE(cache.Get(huge), cache.Get(huge));
  EXPECT_EQ(cache.size(), FilterCache::kMostFilters);
}

TEST(FilterCacheTest, TheBitmapsAndTheColumnsAgree) {
  const SampleBase base;
  const auto searcher = base.Open();
  const Snapshot& snapshot = searcher->snapshot();
  FilterCache cache(snapshot);
  std::mt19937 random(2);
  for (int i = 0; i < 2000; ++i) {
    SearchQuery query = QueryOn("2026-01-01");
    query.as_of = CivilDate(static_cast<int32_t>(17000 + random() % 4000));
    if (random() % 2 == 0) query.labels = {"staff"};
    if (random() % 3 == 0) query.filter.kinds = {"guide"};
    if (random() % 3 == 0) query.filter.excluded_documents = {"dogs-2023"};
    query.filter.include_not_in_force = random() % 3 == 0;
    const auto filter = cache.Get(query);
    for (size_t s = 0; s < snapshot.segments().size(); ++s) {
      const Segment& segment = *snapshot.segments()[s];
      for (uint32_t passage = 0; passage < segment.columns().passages(); ++passage) {
        const bool allowed = (*filter)[s].AllowsPassage(passage);
        ASSERT_EQ(allowed, IsAllowedPassage(segment, passage, query));
        if (!allowed) continue;
        ASSERT_TRUE((*filter)[s].AllowsDocument(segment.columns().document_of(passage)));
      }
    }
  }
}

TEST(FilterCacheTest, AHitThatAWrongBitmapLetsThroughIsNotShown) {
  const SampleBase base;
  const auto everything = [](const Snapshot& snapshot, const SearchQuery&) {
    SearchQuery query;
    query.labels = {"public", "staff"};
    query.filter.include_not_in_force = true;
    return MakeFilter(snapshot, query);
  };
  std::vector<std::string> refused;
  const LocalSearcher searcher(
      *Snapshot::OpenCurrent(base.kb()),
      {.filter_maker = everything,
       .told_of_refused = [&](const std::string& passage) { refused.push_back(passage); }});
  const SearchQuery query = QueryOn("2026-01-01");
  const absl::StatusOr<SearchResult> result = searcher.Search(query);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_FALSE(result->hits.empty());
  for (const SearchHit& hit : result->hits) {
    EXPECT_NE(hit.document.id, "staff-dogs");
    EXPECT_NE(hit.document.id, "dogs-2017");
  }
  EXPECT_THAT(refused, testing::Contains("documents/staff-dogs/provisions/art1"));
}

TEST(FilterCacheTest, PassagesAreCountedAcrossWords) {
  // Passages 0, 63, 64, 130 of 192.
  const SegmentFilter filter = {
      .passages = {uint64_t{1} << 63 | 1, 1, 4}, .documents = {}, .allowed = 4};
  EXPECT_EQ(filter.CountPassages(0, 192), 4U);
  EXPECT_EQ(filter.CountPassages(1, 64), 1U);
  EXPECT_EQ(filter.CountPassages(64, 128), 1U);
  EXPECT_EQ(filter.CountPassages(65, 130), 0U);
  EXPECT_EQ(filter.CountPassages(62, 131), 3U);
  EXPECT_EQ(filter.CountPassages(7, 7), 0U);
}

}  // namespace
}  // namespace policykb
