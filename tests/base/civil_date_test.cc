#include "core/base/civil_date.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;

CivilDate Day(std::string_view text) {
  const auto date = CivilDate::Parse(text);
  EXPECT_TRUE(date.ok()) << date.status();
  return date.value_or(CivilDate());
}

// Rule of the Gregorian calendar, written apart from the code under test.
int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

TEST(CivilDateTest, DaysAreCountedFromTheFirstOfJanuary1970) {
  EXPECT_EQ(Day("1970-01-01").days(), 0);
  EXPECT_EQ(Day("1970-02-01").days(), 31);
  EXPECT_EQ(Day("1969-12-31").days(), -1);
  // 30 years with the leap years 1972, 1976, 1980, 1984, 1988, 1992, 1996: 30 * 365 + 7.
  EXPECT_EQ(Day("2000-01-01").days(), 10957);
}

TEST(CivilDateTest, EveryDayOfTheCalendarGoesThereAndBackInOrder) {
  // 0001-01-01: 1970 years are 4 * 146097 (1600) + 3 * 36524 (300) + 17 * 1461 (68) + 365 (1969th)
  // = 719162 days.
  int32_t expected = -719162;
  for (int year = 1; year <= 9999; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        const auto date = CivilDate::FromYmd(year, month, day);
        ASSERT_EQ(date.has_value(), day <= DaysInMonth(year, month))
            << year << "-" << month << "-" << day;
        if (!date) continue;
        ASSERT_EQ(date->days(), expected++) << year << "-" << month << "-" << day;
      }
    }
  }
}

TEST(CivilDateTest, WrittenDatesParseToThemselves) {
  // 397 days are a prime step through all months and years.
  for (int32_t days = -719162; days <= 2932896; days += 397) {
    const CivilDate date(days);
    const auto parsed = CivilDate::Parse(date.ToString());
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ASSERT_EQ(*parsed, date);
  }
  EXPECT_EQ(CivilDate(-719162).ToString(), "0001-01-01");
  EXPECT_EQ(CivilDate(2932896).ToString(), "9999-12-31");
}

TEST(CivilDateTest, LeapDaysExistInLeapYearsOnly) {
  EXPECT_TRUE(CivilDate::FromYmd(2024, 2, 29));
  EXPECT_TRUE(CivilDate::FromYmd(2000, 2, 29));
  EXPECT_FALSE(CivilDate::FromYmd(2023, 2, 29));
  EXPECT_FALSE(CivilDate::FromYmd(1900, 2, 29));
  EXPECT_FALSE(CivilDate::FromYmd(2100, 2, 29));
}

TEST(CivilDateTest, WhatTheCalendarDoesNotHaveIsNoDate) {
  EXPECT_FALSE(CivilDate::FromYmd(2024, 4, 31));
  EXPECT_FALSE(CivilDate::FromYmd(2024, 0, 1));
  EXPECT_FALSE(CivilDate::FromYmd(2024, 13, 1));
  EXPECT_FALSE(CivilDate::FromYmd(2024, 1, 0));
  EXPECT_FALSE(CivilDate::FromYmd(2024, 1, 32));
  EXPECT_FALSE(CivilDate::FromYmd(0, 1, 1));
  EXPECT_FALSE(CivilDate::FromYmd(10000, 1, 1));
  EXPECT_FALSE(CivilDate::FromYmd(INT64_MAX, INT64_MAX, INT64_MAX));
  EXPECT_FALSE(CivilDate::FromYmd(INT64_MIN, INT64_MIN, INT64_MIN));
}

TEST(CivilDateTest, OtherSpellingsAreRefusedWithTheirText) {
  for (const char* text :
       {"", "2024-1-01", "2024/01/01", "20240101", "2024-01-01 ", " 2024-01-01", "2024-01-0a",
        "+024-01-01", "2024-02-30", "2024年1月1日", "-024-01-01", "2024-01--1"}) {
    const auto date = CivilDate::Parse(text);
    EXPECT_EQ(date.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(date.status().message()), HasSubstr(text));
  }
  EXPECT_LT(CivilDate::Parse(std::string(10000, '9')).status().message().size(), 200u);
}

TEST(CivilDateTest, TodayDependsOnTheZone) {
  const auto zone = LoadZone(kDefaultZone);
  ASSERT_TRUE(zone.ok()) << zone.status();
  // 2024-03-01 00:00 in Shanghai is 2024-02-29 16:00 in UTC.
  const absl::Time midnight =
      absl::FromCivil(absl::CivilSecond(2024, 2, 29, 16, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(CivilDate::At(midnight, *zone).ToString(), "2024-03-01");
  EXPECT_EQ(CivilDate::At(midnight - absl::Nanoseconds(1), *zone).ToString(), "2024-02-29");
  EXPECT_EQ(CivilDate::At(midnight, absl::UTCTimeZone()).ToString(), "2024-02-29");
}

TEST(CivilDateTest, AZoneNobodyKnowsIsRefused) {
  const auto zone = LoadZone("Asia/Atlantis");
  EXPECT_EQ(zone.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(zone.status().message()), HasSubstr("Asia/Atlantis"));
}

TEST(ValidityTest, TheFirstDayIsInAndTheEndIsOut) {
  const Validity validity = {.from = Day("2024-01-01"), .to = Day("2024-02-01")};
  EXPECT_FALSE(validity.Contains(Day("2023-12-31")));
  EXPECT_TRUE(validity.Contains(Day("2024-01-01")));
  EXPECT_TRUE(validity.Contains(Day("2024-01-31")));
  EXPECT_FALSE(validity.Contains(Day("2024-02-01")));
}

TEST(ValidityTest, AnAbsentEndIsOpen) {
  EXPECT_TRUE(Validity().Contains(Day("0001-01-01")));
  const Validity begun = {.from = Day("2024-01-01"), .to = std::nullopt};
  EXPECT_TRUE(begun.Contains(Day("9999-12-31")));
  EXPECT_FALSE(begun.Contains(Day("2023-12-31")));
  const Validity ending = {.from = std::nullopt, .to = Day("2024-01-01")};
  EXPECT_TRUE(ending.Contains(Day("0001-01-01")));
  EXPECT_FALSE(ending.Contains(Day("2024-01-01")));
}

}  // namespace
}  // namespace policykb
