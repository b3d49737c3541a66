// LogLine: one event as named values, as text or as JSON.
//
// Whatever a value holds, the line stays one line and has the fields it was given: nothing that
// somebody sends can begin another line or another field. Not for where lines go (logger.h). One
// thread.

#ifndef POLICYKB_CORE_LOG_LOG_LINE_H_
#define POLICYKB_CORE_LOG_LOG_LINE_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

class LogLine {
 public:
  // `event` and all keys are ours: lower-case letters, digits and underscores.
  explicit LogLine(std::string_view event) { Add("event", event); }

  // A name or id of our own making, or of an operator's. About 1000 bytes of it, whole characters.
  LogLine& Add(std::string_view key, std::string_view value);
  LogLine& Add(std::string_view key, const char* value) {
    return Add(key, std::string_view(value));
  }
  LogLine& Add(std::string_view key, bool value);
  // With three digits behind the point.
  LogLine& Add(std::string_view key, double value);
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogLine& Add(std::string_view key, T value) {
    return AddPlain(key, std::to_string(value));
  }
  // Words from elsewhere, such as the message of a status: personal numbers are struck out.
  LogLine& AddMessage(std::string_view key, std::string_view value);
  LogLine& AddList(std::string_view key, const std::vector<std::string>& values);

  // event=call method=Search reason="two words": values of other characters than those of names,
  // numbers and addresses stand in double quotes, with backslashes.
  std::string ToText() const;
  // {"event":"call","method":"Search"}.
  std::string ToJson() const;

 private:
  struct Field {
    std::string key;
    std::vector<std::string> values;  // well-formed UTF-8
    enum class Form : uint8_t { kPlain, kString, kList } form;
  };

  LogLine& AddPlain(std::string_view key, std::string value);

  std::vector<Field> fields_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_LOG_LOG_LINE_H_
