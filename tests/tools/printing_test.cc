#include "tools/printing.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(PrintingTest, MetadataWithItsOrigins) {
  v1::Document document;
  document.set_name("documents/a");
  document.set_title("T");
  document.mutable_validity()->set_valid_to("2024-06-28");
  document.add_supersedes("documents/x");
  document.add_supersedes("documents/y");
  const auto add = [&document](const char* field, const char* origin) {
    v1::MetadataOrigin& added = *document.add_origins();
    added.set_field(field);
    added.set_origin(origin);
  };
  add("id", "path");
  add("supersedes", "sidecar");
  add("title", "text");
  add("valid_to", "successor b");
  EXPECT_EQ(MetadataForPeople(document),
            "id: a  (path)\nsupersedes: x, y  (sidecar)\ntitle: T  (text)\n"
            "valid_to: 2024-06-28  (successor b)\n");
}

}  // namespace
}  // namespace policykb
