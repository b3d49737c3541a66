#include "indexer/readers/docx_numbering.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/list_numbers.h"

namespace policykb {
namespace {

constexpr size_t kMaxLists = 20'000;
constexpr int kMaxStart = 1'000'000;
// A label is a few words; a longer text is none.
constexpr size_t kMaxLabelBytes = 200;

std::optional<int> LevelNumber(const XmlEvent& event) {
  return SmallNumber(event.Attribute("ilvl"), 8);
}

}  // namespace

absl::Status DocxNumbering::ReadLevel(XmlReader& reader, Level& level) {
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:lvl") || event->kind == XmlEvent::Kind::kFinished) break;
    if (event->kind != XmlEvent::Kind::kStart) continue;
    const std::string_view value = event->Attribute("val");
    if (event->name == "w:numFmt") {
      level.format = value;
    } else if (event->name == "w:lvlText") {
      level.text = value.substr(0, value.size() <= kMaxLabelBytes ? value.size() : 0);
    } else if (event->name == "w:suff") {
      level.suffix = value;
    } else if (event->name == "w:pStyle") {
      level.style = value;
    } else if (event->name == "w:start") {
      level.start = SmallNumber(value, kMaxStart).value_or(1);
    } else if (event->name == "w:lvlRestart") {
      level.restart_after = SmallNumber(value, kLevels);
    } else if (event->name == "w:isLgl") {
      level.arabic = IsOn(*event);
    }
  }
  return absl::OkStatus();
}

absl::Status DocxNumbering::ReadAbstract(XmlReader& reader, const std::string& id) {
  Abstract abstract;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:abstractNum") || event->kind == XmlEvent::Kind::kFinished) break;
    if (event->Starts("w:numStyleLink")) abstract.style_link = event->Attribute("val");
    if (event->Starts("w:styleLink")) abstract.own_style = event->Attribute("val");
    if (!event->Starts("w:lvl")) continue;
    const std::optional<int> level = LevelNumber(*event);
    Level ignored;
    RETURN_IF_ERROR(
        ReadLevel(reader, level ? abstract.levels[static_cast<size_t>(*level)] : ignored));
  }
  abstracts_.insert_or_assign(id, std::move(abstract));
  return absl::OkStatus();
}

absl::Status DocxNumbering::ReadList(XmlReader& reader, const std::string& id) {
  List list;
  std::optional<int> overridden;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends("w:num") || event->kind == XmlEvent::Kind::kFinished) break;
    if (event->Starts("w:abstractNumId")) list.abstract = event->Attribute("val");
    if (event->Starts("w:lvlOverride")) overridden = LevelNumber(*event);
    if (event->Starts("w:startOverride") && overridden) {
      list.start_overrides[*overridden] =
          SmallNumber(event->Attribute("val"), kMaxStart).value_or(1);
    }
    if (event->Starts("w:lvl")) {
      Level level;
      RETURN_IF_ERROR(ReadLevel(reader, level));
      if (overridden) list.level_overrides.insert_or_assign(*overridden, std::move(level));
    }
  }
  lists_.insert_or_assign(id, std::move(list));
  return absl::OkStatus();
}

absl::StatusOr<DocxNumbering> DocxNumbering::Parse(std::string_view xml) {
  DocxNumbering out;
  if (xml.empty()) return out;
  XmlReader reader(xml, "numbering part");
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) break;
    if (out.abstracts_.size() + out.lists_.size() > kMaxLists) {
      return absl::ResourceExhaustedError(Cat("numbering: more than ", kMaxLists, " lists"));
    }
    if (event->Starts("w:abstractNum")) {
      RETURN_IF_ERROR(out.ReadAbstract(reader, std::string(event->Attribute("abstractNumId"))));
    } else if (event->Starts("w:num")) {
      RETURN_IF_ERROR(out.ReadList(reader, std::string(event->Attribute("numId"))));
    }
  }
  out.FollowStyleLinks();
  return out;
}

// A list that only names a list style is the one that defines it.
void DocxNumbering::FollowStyleLinks() {
  std::map<std::string, std::string> by_style;
  for (const auto& [id, abstract] : abstracts_) {
    if (!abstract.own_style.empty()) by_style.emplace(abstract.own_style, id);
  }
  for (auto& [id, list] : lists_) {
    const auto abstract = abstracts_.find(list.abstract);
    if (abstract == abstracts_.end() || abstract->second.style_link.empty()) continue;
    const auto target = by_style.find(abstract->second.style_link);
    if (target != by_style.end()) list.abstract = target->second;
  }
}

const DocxNumbering::Level& DocxNumbering::LevelOf(const List& list, const Abstract& abstract,
                                                   int level) const {
  const auto overridden = list.level_overrides.find(level);
  if (overridden != list.level_overrides.end()) return overridden->second;
  return abstract.levels[static_cast<size_t>(level)];
}

DocxLabel DocxNumbering::Next(const DocxListPlace& place, const std::string& style) {
  const auto list = lists_.find(place.list);
  if (list == lists_.end()) return {};
  const auto abstract = abstracts_.find(list->second.abstract);
  if (abstract == abstracts_.end()) return {};

  int at = place.level.value_or(0);
  if (!place.level && !style.empty()) {
    const Levels& levels = abstract->second.levels;
    const auto own = std::find_if(levels.begin(), levels.end(),
                                  [&](const Level& level) { return level.style == style; });
    if (own != levels.end()) at = static_cast<int>(own - levels.begin());
  }
  const auto level_at = [&](int i) -> const Level& {
    return LevelOf(list->second, abstract->second, i);
  };
  const Level& level = level_at(at);

  auto& counters = counters_[list->second.abstract];
  auto& own = counters[static_cast<size_t>(at)];
  const auto override_start = list->second.start_overrides.find(at);
  const bool begins_anew = override_start != list->second.start_overrides.end() &&
                           begun_.insert({place.list, at}).second;
  if (begins_anew) {
    own = override_start->second;
  } else {
    own = own ? *own + 1 : level.start;
  }
  for (int deeper = at + 1; deeper < kLevels; ++deeper) {
    const std::optional<int>& after = level_at(deeper).restart_after;
    if (!after || at < *after) counters[static_cast<size_t>(deeper)].reset();
  }

  if (level.format == "bullet") return {.text = "", .bullet = true};
  std::string text;
  const std::string_view pattern = level.text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool number = pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] >= '1' &&
                        pattern[i + 1] <= '9';
    if (!number) {
      text += pattern[i];
      continue;
    }
    const int shown = pattern[++i] - '1';
    const Level& of = level_at(shown);
    const int64_t value = counters[static_cast<size_t>(shown)].value_or(of.start);
    text += FormatListNumber(level.arabic ? "decimal" : of.format, value);
  }
  if (!text.empty() && level.suffix != "nothing") text += ' ';
  return {.text = std::move(text), .bullet = false};
}

}  // namespace policykb
