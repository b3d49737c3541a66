#include "core/rpc/api_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] =
    "pkb_0011223344556677_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

TEST(ApiKeyTest, NewKeysDifferAndMatchTheirOwnHashOnly) {
  const std::string key = MakeApiKey();
  const std::string other = MakeApiKey();
  EXPECT_NE(key, other);
  const auto hash = ApiKeyHash::Of(key);
  ASSERT_TRUE(hash.ok()) << hash.status();
  EXPECT_EQ(hash->id(), ApiKeyId(key));
  EXPECT_TRUE(hash->Matches(key));
  EXPECT_FALSE(hash->Matches(other));
  EXPECT_FALSE(hash->Matches(""));
}

TEST(ApiKeyTest, HashIsSha256OfSaltAndKey) {
  // printf %s "$SALT$KEY" | sha256sum
  const auto hash = ApiKeyHash::Parse(
      "sha256:0011223344556677:000102030405060708090a0b0c0d0e0f:"
      "dce76bf0a0a735650fa2627f2abe0fad41d11c2dd28b45fdbebde4fc1962c0b0");
  ASSERT_TRUE(hash.ok()) << hash.status();
  EXPECT_TRUE(hash->Matches(kKey));
}

TEST(ApiKeyTest, HashesOfOneKeyDifferBySalt) {
  const auto first = ApiKeyHash::Of(kKey);
  const auto second = ApiKeyHash::Of(kKey);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->ToString(), second->ToString());
  EXPECT_TRUE(ApiKeyHash::Parse(first->ToString())->Matches(kKey));
}

TEST(ApiKeyTest, EveryOtherLastDigitFailsToMatch) {
  const auto hash = ApiKeyHash::Of(kKey);
  std::string key = kKey;
  for (const char digit : std::string("0123456789abcde")) {
    key.back() = digit;
    EXPECT_FALSE(hash->Matches(key)) << digit;
  }
}

TEST(ApiKeyTest, WhatIsNoKeyHasNoIdAndNoHashAndIsNotShown) {
  const std::string key = kKey;
  for (const std::string& text :
       {std::string(), std::string("secret"), key + "0", key.substr(0, key.size() - 1),
        "PKB" + key.substr(3), key.substr(0, 20) + key, std::string("pkb_"), std::string("pkb__"),
        std::string("pkb_001122334455667G") + key.substr(20)}) {
    EXPECT_EQ(ApiKeyId(text), "") << text;
    const auto hash = ApiKeyHash::Of(text);
    EXPECT_EQ(hash.status().code(), absl::StatusCode::kInvalidArgument) << text;
    // The form that the message describes begins like a key.
    if (text.size() <= 5) continue;
    EXPECT_THAT(std::string(hash.status().message()), Not(HasSubstr(text)));
  }
}

TEST(ApiKeyTest, TruncatedHashesAreRefused) {
  const std::string whole = ApiKeyHash::Of(kKey)->ToString();
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(ApiKeyHash::Parse(whole.substr(0, size)).ok()) << size;
  EXPECT_FALSE(ApiKeyHash::Parse(whole + ":").ok());
  EXPECT_FALSE(ApiKeyHash::Parse("md5" + whole.substr(6)).ok());
}

}  // namespace
}  // namespace policykb
