// Style of .proto files: what every one of them must keep so that its reader needs no other page.
//
// For the test of our own files. Not a linter for wording. Single thread.

#ifndef POLICYKB_TESTS_HOUSE_PROTO_STYLE_H_
#define POLICYKB_TESTS_HOUSE_PROTO_STYLE_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace policykb {

// What `file` breaks, one line each: a service, method, message, field, oneof, enum or enum value
// without a leading comment that ends in a full stop; an enum whose zero does not end in
// _UNSPECIFIED; a method whose request and response are not named after it; a package that is not
// the folder. REQUIRES: built from text, so that comments are known.
std::vector<std::string> ProtoStyleViolations(const google::protobuf::FileDescriptor& file);

}  // namespace policykb

#endif  // POLICYKB_TESTS_HOUSE_PROTO_STYLE_H_
