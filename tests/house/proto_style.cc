#include "tests/house/proto_style.h"

#include <google/protobuf/descriptor.pb.h>

#include <string_view>

#include "core/base/strings.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;

class Checker {
 public:
  void Check(const pb::FileDescriptor& file) {
    const size_t slash = file.name().rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.name().substr(0, slash);
    if (ReplaceAll(file.package(), ".", "/") != folder) {
      Report(file.name(), Cat("package ", file.package(), " is not its folder"));
    }
    for (int i = 0; i < file.service_count(); ++i) CheckService(*file.service(i));
    for (int i = 0; i < file.message_type_count(); ++i) CheckMessage(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i) CheckEnum(*file.enum_type(i));
  }

  std::vector<std::string> violations() const { return violations_; }

 private:
  void Report(const std::string& name, const std::string& what) {
    violations_.push_back(Cat(name, ": ", what));
  }

  template <typename Descriptor>
  void CheckComment(const Descriptor& descriptor) {
    pb::SourceLocation location;
    const bool known = descriptor.GetSourceLocation(&location);
    const std::string_view comment = StripAsciiSpace(location.leading_comments);
    if (!known || comment.empty()) {
      Report(descriptor.full_name(), "no leading comment");
    } else if (!comment.ends_with(".")) {
      Report(descriptor.full_name(), "comment does not end in a full stop");
    }
  }

  void CheckService(const pb::ServiceDescriptor& service) {
    CheckComment(service);
    for (int i = 0; i < service.method_count(); ++i) {
      const pb::MethodDescriptor& method = *service.method(i);
      CheckComment(method);
      if (method.input_type()->name() != method.name() + "Request" ||
          method.output_type()->name() != method.name() + "Response") {
        Report(method.full_name(), "request and response are not named after the method");
      }
    }
  }

  void CheckMessage(const pb::Descriptor& message) {
    // The entry type of a map field has no text of its own.
    if (message.options().map_entry()) return;
    CheckComment(message);
    for (int i = 0; i < message.field_count(); ++i) CheckComment(*message.field(i));
    for (int i = 0; i < message.real_oneof_decl_count(); ++i) CheckComment(*message.oneof_decl(i));
    for (int i = 0; i < message.nested_type_count(); ++i) CheckMessage(*message.nested_type(i));
    for (int i = 0; i < message.enum_type_count(); ++i) CheckEnum(*message.enum_type(i));
  }

  void CheckEnum(const pb::EnumDescriptor& type) {
    CheckComment(type);
    for (int i = 0; i < type.value_count(); ++i) CheckComment(*type.value(i));
    const pb::EnumValueDescriptor* zero = type.FindValueByNumber(0);
    if (zero == nullptr || !zero->name().ends_with("_UNSPECIFIED")) {
      Report(type.full_name(), "zero does not end in _UNSPECIFIED");
    }
  }

  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> ProtoStyleViolations(const google::protobuf::FileDescriptor& file) {
  Checker checker;
  checker.Check(file);
  return checker.violations();
}

}  // namespace policykb
