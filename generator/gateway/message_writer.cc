#include "generator/gateway/message_writer.h"

#include <array>
#include <charconv>
#include <cmath>

namespace policykb {

namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

constexpr int kAlone = -1;  // instead of an index into a repeated field
constexpr std::string_view kHexDigits = "0123456789abcdef";

template <typename Number>
void WriteNumber(Number value, std::string& out) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void WriteDouble(double value, std::string& out) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    WriteNumber(value, out);
  }
}

// Sixty-four bits do not fit the numbers of JavaScript: they are strings.
template <typename Number>
void WriteQuoted(Number value, std::string& out) {
  out += '"';
  WriteNumber(value, out);
  out += '"';
}

void WriteEnum(const Field& field, int number, std::string& out) {
  const pb::EnumValueDescriptor* const value = field.enum_type()->FindValueByNumber(number);
  if (value == nullptr) return WriteNumber(number, out);
  WriteJsonString(value->name(), out);
}

// The field's value, or the one at `index` where it is repeated.
void WriteValue(const pb::Message& message, const Field& field, int index, std::string& out) {
  const pb::Reflection& reflection = *message.GetReflection();
  const bool alone = index == kAlone;
  std::string scratch;
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING:
      return WriteJsonString(
          alone ? reflection.GetStringReference(message, &field, &scratch)
                : reflection.GetRepeatedStringReference(message, &field, index, &scratch),
          out);
    case Field::CPPTYPE_INT32:
      return WriteNumber(alone ? reflection.GetInt32(message, &field)
                               : reflection.GetRepeatedInt32(message, &field, index),
                         out);
    case Field::CPPTYPE_UINT32:
      return WriteNumber(alone ? reflection.GetUInt32(message, &field)
                               : reflection.GetRepeatedUInt32(message, &field, index),
                         out);
    case Field::CPPTYPE_INT64:
      return WriteQuoted(alone ? reflection.GetInt64(message, &field)
                               : reflection.GetRepeatedInt64(message, &field, index),
                         out);
    case Field::CPPTYPE_UINT64:
      return WriteQuoted(alone ? reflection.GetUInt64(message, &field)
                               : reflection.GetRepeatedUInt64(message, &field, index),
                         out);
    case Field::CPPTYPE_DOUBLE:
      return WriteDouble(alone ? reflection.GetDouble(message, &field)
                               : reflection.GetRepeatedDouble(message, &field, index),
                         out);
    case Field::CPPTYPE_FLOAT:
      return WriteDouble(alone ? reflection.GetFloat(message, &field)
                               : reflection.GetRepeatedFloat(message, &field, index),
                         out);
    case Field::CPPTYPE_BOOL:
      out += (alone ? reflection.GetBool(message, &field)
                    : reflection.GetRepeatedBool(message, &field, index))
                 ? "true"
                 : "false";
      return;
    case Field::CPPTYPE_ENUM:
      return WriteEnum(field,
                       alone ? reflection.GetEnumValue(message, &field)
                             : reflection.GetRepeatedEnumValue(message, &field, index),
                       out);
    case Field::CPPTYPE_MESSAGE:
      return WriteJson(alone ? reflection.GetMessage(message, &field)
                             : reflection.GetRepeatedMessage(message, &field, index),
                       out);
  }
}

void WriteRepeated(const pb::Message& message, const Field& field, std::string& out) {
  const int size = message.GetReflection()->FieldSize(message, &field);
  out += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out += ',';
    WriteValue(message, field, i, out);
  }
  out += ']';
}

// An entry of a map is a message of key and value.
void WriteMap(const pb::Message& message, const Field& field, std::string& out) {
  const pb::Reflection& reflection = *message.GetReflection();
  out += '{';
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (i > 0) out += ',';
    const pb::Message& entry = reflection.GetRepeatedMessage(message, &field, i);
    WriteValue(entry, *field.message_type()->map_key(), kAlone, out);
    out += ':';
    WriteValue(entry, *field.message_type()->map_value(), kAlone, out);
  }
  out += '}';
}

bool IsLeftOut(const pb::Message& message, const Field& field) {
  const pb::Reflection& reflection = *message.GetReflection();
  return field.is_repeated() ? reflection.FieldSize(message, &field) == 0
                             : !reflection.HasField(message, &field);
}

}  // namespace

void WriteJsonString(std::string_view text, std::string& out) {
  out += '"';
  size_t plain = 0;  // begin of what was not copied yet
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // Nothing that a page could take for markup, wherever the JSON ends up.
    if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != '<' && byte != '>' && byte != 0x7F)
      continue;
    out += text.substr(plain, at - plain);
    plain = at + 1;
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[at];
    } else if (byte == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
    }
  }
  out += text.substr(plain);
  out += '"';
}

void WriteJson(const pb::Message& message, std::string& out) {
  const pb::Descriptor& type = *message.GetDescriptor();
  out += '{';
  bool first = true;
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (IsLeftOut(message, field)) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += field.json_name();
    out += "\":";
    if (field.is_map()) {
      WriteMap(message, field, out);
    } else if (field.is_repeated()) {
      WriteRepeated(message, field, out);
    } else {
      WriteValue(message, field, kAlone, out);
    }
  }
  out += '}';
}

}  // namespace policykb
