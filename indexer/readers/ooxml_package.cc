#include "indexer/readers/ooxml_package.h"

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {
namespace {

// Of the container in which Office 97 to 2003 wrote, and newer ones write encrypted files.
constexpr std::string_view kCompoundFileMark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
constexpr size_t kMaxRelationships = 10'000;

std::string_view Folder(std::string_view part) {
  const size_t slash = part.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : part.substr(0, slash);
}

// Name of the entry that `target` in a part of `folder` leads to.
std::string Resolve(std::string_view folder, std::string_view target) {
  std::vector<std::string> path;
  const auto add = [&path](std::string_view text) {
    for (const std::string_view step : Split(text, '/')) {
      if (step.empty() || step == ".") continue;
      if (step == "..") {
        if (!path.empty()) path.pop_back();
      } else {
        path.emplace_back(step);
      }
    }
  };
  if (!target.starts_with('/')) add(folder);
  add(target);
  return Join(path, "/");
}

}  // namespace

absl::StatusOr<OoxmlPackage> OoxmlPackage::Open(std::string_view bytes) {
  if (bytes.starts_with(kCompoundFileMark)) {
    return absl::InvalidArgumentError(
        "an old binary or an encrypted office file; open it in Word or LibreOffice, take its "
        "password off, and save it as .docx or .xlsx");
  }
  ASSIGN_OR_RETURN_IN(ZipArchive archive, ZipArchive::Open(bytes), "no .docx or .xlsx file");
  OoxmlPackage package(std::move(archive));
  ASSIGN_OR_RETURN(const std::vector<Relationship> relationships, package.Relationships(""));
  for (const Relationship& relationship : relationships) {
    if (relationship.type == "officeDocument") package.main_part_ = relationship.part;
  }
  if (package.main_part_.empty()) {
    return absl::InvalidArgumentError("no office file: _rels/.rels names no main part");
  }
  if (!package.archive_.Has(package.main_part_)) {
    return absl::InvalidArgumentError(Cat("no office file: _rels/.rels names the main part ",
                                          package.main_part_, ", which is not in the archive"));
  }
  return package;
}

absl::StatusOr<std::vector<Relationship>> OoxmlPackage::Relationships(const std::string& part) {
  const std::string_view folder = Folder(part);
  const std::string_view file =
      folder.empty() ? std::string_view(part) : std::string_view(part).substr(folder.size() + 1);
  const std::string entry = Cat(folder, folder.empty() ? "" : "/", "_rels/", file, ".rels");
  std::vector<Relationship> relationships;
  if (!part.empty() && !archive_.Has(entry)) return relationships;
  ASSIGN_OR_RETURN(const std::string xml, archive_.Read(entry));
  XmlReader reader(xml, entry);
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return relationships;
    if (!event->Starts("Relationship") || event->Attribute("TargetMode") == "External") continue;
    if (relationships.size() == kMaxRelationships) {
      return absl::ResourceExhaustedError(
          Cat(entry, ": more than ", kMaxRelationships, " relationships"));
    }
    const std::string_view type = event->Attribute("Type");
    relationships.push_back({std::string(event->Attribute("Id")),
                             std::string(type.substr(type.rfind('/') + 1)),
                             Resolve(folder, event->Attribute("Target"))});
  }
}

absl::StatusOr<std::string> OoxmlPackage::ReadRelated(
    const std::vector<Relationship>& relationships, std::string_view type) {
  for (const Relationship& relationship : relationships) {
    if (relationship.type == type && archive_.Has(relationship.part)) {
      return archive_.Read(relationship.part);
    }
  }
  return std::string();
}

}  // namespace policykb
