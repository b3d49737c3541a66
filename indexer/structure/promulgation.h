// Who made a law and changed it, and when, by the lines under its title.
//
// Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PROMULGATION_H_
#define POLICYKB_INDEXER_STRUCTURE_PROMULGATION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/civil_date.h"

namespace policykb {

struct Promulgation {
  std::optional<CivilDate> written_on;  // where a field says so
  std::optional<CivilDate>
      promulgated_on;  // written_on, else of the first line that says passed, promulgated or issued
  std::optional<CivilDate> published_on;  // of the first line that says promulgated or issued
  std::optional<CivilDate> revised_on;    // the latest of those and of amendments
  std::optional<CivilDate> effective_on;  // where the header says so itself
  bool amended = false;
  std::string issuer;
  std::string document_number;
};

// `header_lines` are without the title.
Promulgation ReadPromulgation(const std::vector<std::string_view>& header_lines);

// "zui gao ren min fa yuan guan yu ...": the organ that a title begins with, empty when it names
// none.
std::string IssuerFromTitle(std::string_view title);

// `issuer` where it names its city or county only by rank ("shi ren min dai biao da hui"): with the
// place that the title begins with, empty when it has none.
std::string CompleteIssuer(std::string issuer, std::string_view title);

// True when the words end as names of organs do ("bu", "ju", "ban gong ting", ...).
bool EndsLikeOrgan(std::string_view organ);

// Names of organs as a page sets them, one blank between two of them and none inside "guo wu yuan"
// set wide.
std::string OrganNames(std::string_view words);

// The place a local organ is of, empty for others.
std::string RegionOfIssuer(std::string_view issuer);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PROMULGATION_H_
