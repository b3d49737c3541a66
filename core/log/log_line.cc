#include "core/log/log_line.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/base/strings.h"
#include "core/text/redaction.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kMostBytes = 1000;

// Most values: neither cut nor escaped.
bool IsPlainAscii(std::string_view value) {
  return value.size() <= kMostBytes && std::all_of(value.begin(), value.end(), [](char c) {
           return c >= ' ' && c < 0x7F && c != '"' && c != '\\';
         });
}

// Well-formed, and not too long.
std::string Cleaned(std::string_view value) {
  if (IsPlainAscii(value)) return std::string(value);
  std::string clean;
  for (size_t at = 0; at < value.size();) {
    if (clean.size() >= kMostBytes) return clean + "...";
    const DecodedChar c = DecodeChar(value, at);
    AppendUtf8(clean, c.code);
    at += c.size;
  }
  return clean;
}

// Characters that some reader of logs takes for the end of a line, or that change how the rest of
// it is shown: controls, line and paragraph separators, marks of writing direction.
bool IsUnsafe(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x200E && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

// In double quotes, as JSON has it; a reader of text lines can read that as well.
std::string Quoted(std::string_view value) {
  if (IsPlainAscii(value)) return Cat('"', value, '"');
  std::string out = "\"";
  for (size_t at = 0; at < value.size();) {
    const DecodedChar c = DecodeChar(value, at);
    at += c.size;
    if (c.code == '"' || c.code == '\\') {
      out += '\\';
      out += static_cast<char>(c.code);
    } else if (c.code == '\n') {
      out += "\\n";
    } else if (c.code == '\t') {
      out += "\\t";
    } else if (IsUnsafe(c.code)) {
      char buffer[8];
      std::snprintf(buffer, sizeof(buffer), "\\u%04X", static_cast<unsigned>(c.code));
      out += buffer;
    } else {
      AppendUtf8(out, c.code);
    }
  }
  return out + '"';
}

bool IsBare(std::string_view value) {
  constexpr std::string_view kSigns = "._:/@+-%";
  return !value.empty() && std::all_of(value.begin(), value.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSigns.find(c) != std::string_view::npos;
  });
}

std::string QuotedList(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(Quoted(value));
  return Cat("[", Join(quoted, ","), "]");
}

}  // namespace

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  fields_.push_back({std::string(key), {Cleaned(value)}, Field::Form::kString});
  return *this;
}

LogLine& LogLine::Add(std::string_view key, bool value) {
  return AddPlain(key, value ? "true" : "false");
}

LogLine& LogLine::Add(std::string_view key, double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.3f", value);
  return AddPlain(key, buffer);
}

LogLine& LogLine::AddMessage(std::string_view key, std::string_view value) {
  return Add(key, RedactMessage(value));
}

LogLine& LogLine::AddList(std::string_view key, const std::vector<std::string>& values) {
  Field field{std::string(key), {}, Field::Form::kList};
  for (const std::string& value : values) field.values.push_back(Cleaned(value));
  fields_.push_back(std::move(field));
  return *this;
}

LogLine& LogLine::AddPlain(std::string_view key, std::string value) {
  fields_.push_back({std::string(key), {std::move(value)}, Field::Form::kPlain});
  return *this;
}

std::string LogLine::ToText() const {
  std::string line;
  for (const Field& field : fields_) {
    if (!line.empty()) line += ' ';
    line += field.key;
    line += '=';
    if (field.form == Field::Form::kList) {
      line += Quoted(QuotedList(field.values));
    } else {
      const std::string& value = field.values.front();
      if (field.form == Field::Form::kPlain || IsBare(value)) {
        line += value;
      } else {
        line += Quoted(value);
      }
    }
  }
  return line;
}

std::string LogLine::ToJson() const {
  std::string line;
  for (const Field& field : fields_) {
    line += Cat(line.empty() ? "{" : ",", "\"", field.key, "\":");
    if (field.form == Field::Form::kList) {
      line += QuotedList(field.values);
    } else {
      const std::string& value = field.values.front();
      line += field.form == Field::Form::kPlain ? value : Quoted(value);
    }
  }
  return line + "}";
}

}  // namespace policykb
