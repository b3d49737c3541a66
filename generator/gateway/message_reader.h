// ReadJson: JSON of a request -> a message of ours.
//
// The proto JSON form, read strictly: protobuf's own JsonStringToMessage takes "yes" for true and 1
// for "1", this one does not. For messages of scalars, enums and messages. Pure functions, any
// thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MESSAGE_READER_H_
#define POLICYKB_GENERATOR_GATEWAY_MESSAGE_READER_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

// Reads an object, or nothing at all, into an empty message. Errors: InvalidArgument (no JSON or no
// UTF-8, a name twice in one object, a field that the message does not have, a value of another
// type or range); the message of the status names the field and quotes no value.
absl::Status ReadJson(std::string_view json, google::protobuf::Message& message);

// The string of an object that has this member alone. Errors: InvalidArgument.
absl::StatusOr<std::string> ReadOnlyString(std::string_view json, std::string_view name);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MESSAGE_READER_H_
