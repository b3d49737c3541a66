// WriteJson: a message of ours in proto JSON form.
//
// What protobuf's own MessageToJsonString gives, byte for byte but for how numbers with a point are
// spelled, at a fraction of its time: that one encodes the message, decodes it again and looks
// every type up on the way. For messages of scalars, enums, messages and maps of strings; not for
// google.protobuf types with a form of their own. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MESSAGE_WRITER_H_
#define POLICYKB_GENERATOR_GATEWAY_MESSAGE_WRITER_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace policykb {

// Appends the message, on one line. Fields that have their default and no presence are left out.
void WriteJson(const google::protobuf::Message& message, std::string& out);

// Appends `text` as a JSON string, with its quotes.
void WriteJsonString(std::string_view text, std::string& out);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MESSAGE_WRITER_H_
