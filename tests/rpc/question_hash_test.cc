#include "core/rpc/question_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

QuestionHasher Hasher(const std::string& key) {
  auto hasher = QuestionHasher::Create(key);
  EXPECT_TRUE(hasher.ok()) << hasher.status();
  return *std::move(hasher);
}

TEST(QuestionHashTest, IsTheHmacOfLettersAndDigits) {
  // As `openssl dgst -sha256 -hmac` with 32 times k says of the question without its mark.
  EXPECT_EQ(Hasher(std::string(32, 'k')).Hash("养犬登记要几天？"),
            "405e58a804f9def862285d6fd524fa86e2f5ea0baa200c064442415f3a1eecde");
}

TEST(QuestionHashTest, OneQuestionWrittenTwiceHasOneHash) {
  const QuestionHasher hasher = Hasher(std::string(32, 'k'));
  const std::string hash = hasher.Hash("养犬登记，要多少天(ABC)?");
  for (const std::string same :
       {"养犬登记 要多少天 ABC", " 养犬登记，要多少天（ａｂｃ）？\n", "养犬登记要多少天abc"}) {
    EXPECT_EQ(hasher.Hash(same), hash) << same;
  }
  EXPECT_NE(hasher.Hash("养犬登记要多少天abd"), hash);
}

TEST(QuestionHashTest, AnotherKeyGivesAnotherHashAndId) {
  const QuestionHasher one = Hasher(std::string(32, 'k')), other = Hasher(std::string(32, 'l'));
  EXPECT_NE(one.Hash("养犬"), other.Hash("养犬"));
  EXPECT_NE(one.key_id(), other.key_id());
  EXPECT_EQ(one.key_id(), Hasher(std::string(32, 'k')).key_id());
  EXPECT_NE(QuestionHasher::MakeKey(), QuestionHasher::MakeKey());
}

TEST(QuestionHashTest, TakesBytesThatAreNoText) {
  const QuestionHasher hasher = Hasher(std::string(32, 'k'));
  EXPECT_EQ(hasher.Hash("\xFF\xFE").size(), 64U);
  EXPECT_EQ(hasher.Hash("").size(), 64U);
}

TEST(QuestionHashTest, AKeyIsLongEnoughAndItsFileNotForAll) {
  EXPECT_EQ(QuestionHasher::Create("short").status().code(), absl::StatusCode::kInvalidArgument);
  const TempFolder folder;
  const std::string path = folder / "audit.key";
  const std::string key = QuestionHasher::MakeKey();
  ASSERT_TRUE(WriteFileAtomically(path, key + "\n").ok());
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  const absl::Status open_to_all = QuestionHasher::Open(path).status();
  EXPECT_EQ(open_to_all.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(open_to_all.message()), HasSubstr(path));
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto hasher = QuestionHasher::Open(path);
  ASSERT_TRUE(hasher.ok()) << hasher.status();
  EXPECT_EQ(hasher->Hash("养犬"), Hasher(key).Hash("养犬"));
  ASSERT_TRUE(WriteFileAtomically(path, "tooshort").ok());
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  const absl::Status too_short = QuestionHasher::Open(path).status();
  EXPECT_EQ(too_short.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(too_short.message()), Not(HasSubstr("tooshort")));
  EXPECT_EQ(QuestionHasher::Open(path + ".absent").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
