#include "tests/house/proto_style.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

namespace pb = google::protobuf;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An empty folder that goes with the object.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "policykb_proto_XXXXXX") {
    EXPECT_NE(::mkdtemp(path_.data()), nullptr);
  }
  ~Folder() { EXPECT_TRUE(RemoveAll(path_).ok()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Builds the files in `pool` with their comments, as protoc reads them below `root`.
void Compile(const std::string& root, const std::vector<std::string>& names,
             pb::DescriptorPool* pool) {
  const Folder folder;
  const std::string out = JoinPath(folder.path(), "set.pb");
  const std::string command =
      Cat("'", POLICYKB_PROTOC, "' --include_imports --include_source_info '--proto_path=", root,
          "' '--descriptor_set_out=", out, "' '", Join(names, "' '"), "'");
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const auto bytes = ReadFile(out);
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  pb::FileDescriptorSet set;
  ASSERT_TRUE(set.ParseFromString(*bytes));
  for (const pb::FileDescriptorProto& file : set.file())
    ASSERT_NE(pool->BuildFile(file), nullptr) << file.name();
}

std::vector<std::string> ViolationsIn(const std::string& name, const std::string& text) {
  const Folder root;
  const std::string path = JoinPath(root.path(), name);
  EXPECT_TRUE(MakeFolders(path.substr(0, path.rfind('/'))).ok());
  EXPECT_TRUE(WriteNewFile(path, text).ok());
  pb::DescriptorPool pool;
  Compile(root.path(), {name}, &pool);
  const pb::FileDescriptor* file = pool.FindFileByName(name);
  EXPECT_NE(file, nullptr);
  return file == nullptr ? std::vector<std::string>() : ProtoStyleViolations(*file);
}

TEST(ProtoStyleTest, OurFilesKeepTheStyle) {
  const std::string root = JoinPath(POLICYKB_SOURCE_DIR, "proto");
  const auto files = ListFilesBelow(root);
  ASSERT_TRUE(files.ok()) << files.status();
  std::vector<std::string> names;
  for (const ListedFile& file : *files) {
    if (file.relative_path.ends_with(".proto")) names.push_back(file.relative_path);
  }
  pb::DescriptorPool pool;
  Compile(root, names, &pool);
  for (const std::string& name : names) {
    const pb::FileDescriptor* file = pool.FindFileByName(name);
    ASSERT_NE(file, nullptr) << name;
    EXPECT_THAT(ProtoStyleViolations(*file), IsEmpty());
  }
}

TEST(ProtoStyleTest, AWellKeptFileHasNoViolations) {
  EXPECT_THAT(ViolationsIn("a/v1/x.proto", R"(
syntax = "proto3";
package a.v1;
// Serves.
service S {
  // Gets.
  rpc Get(GetRequest) returns (GetResponse);
}
// Request.
message GetRequest {
  // Either.
  oneof which {
    // One.
    string one = 1;
  }
  // Perhaps.
  optional string perhaps = 2;
  // By name.
  map<string, string> by_name = 3;
  // Nested.
  enum Kind {
    // None.
    KIND_UNSPECIFIED = 0;
  }
}
// Response.
message GetResponse {}
)"),
              IsEmpty());
}

TEST(ProtoStyleTest, EachBreachIsNamed) {
  EXPECT_THAT(
      ViolationsIn("a/v2/x.proto", R"(
syntax = "proto3";
package a.v1;
service S {
  // Gets
  rpc Get(Question) returns (Answer);
}
// Question.
message Question {
  string text = 1;
  oneof which {
    // One.
    string one = 2;
  }
}
// Answer.
message Answer {
  // Kind.
  enum Kind {
    KIND_NONE = 0;
  }
}
)"),
      ElementsAre("a/v2/x.proto: package a.v1 is not its folder", "a.v1.S: no leading comment",
                  "a.v1.S.Get: comment does not end in a full stop",
                  "a.v1.S.Get: request and response are not named after the method",
                  "a.v1.Question.text: no leading comment",
                  "a.v1.Question.which: no leading comment",
                  "a.v1.Answer.KIND_NONE: no leading comment",
                  "a.v1.Answer.Kind: zero does not end in _UNSPECIFIED"));
}

TEST(ProtoStyleTest, AFileWithoutAFolderHasNoPackageThatFits) {
  EXPECT_THAT(ViolationsIn("x.proto", "syntax = \"proto3\";\npackage a;\n"),
              ElementsAre("x.proto: package a is not its folder"));
}

}  // namespace
}  // namespace policykb
