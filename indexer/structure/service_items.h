// Service items: the rows of a list, one row one guide, by the columns that a collection names.
//
// The first row that has the title column names the columns; what stands above it is a caption. A
// row becomes a text with its title as heading and a section for each column with content. Not for
// the list's file format (readers/sheet.h). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_SERVICE_ITEMS_H_
#define POLICYKB_INDEXER_STRUCTURE_SERVICE_ITEMS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/readers/reader.h"
#include "indexer/readers/sheet.h"
#include "indexer/structure/collection.h"
#include "indexer/structure/remark.h"

namespace policykb {

struct ServiceItem {
  uint32_t line = 0;                      // of the row
  std::vector<FrontMatterEntry> entries;  // id, title and what other columns say
  CanonicalText text;
};

// The items of all sheets in order. An item's id is `file_id`, "." and its id column, else its
// title. Rows that give no item (no title, an id that an earlier row has) and sheets without the
// title column are named in `remarks`. Errors: InvalidArgument (no sheet has the title column; a
// column that is named but not there; text that is no UTF-8).
absl::StatusOr<std::vector<ServiceItem>> ReadServiceItems(const std::vector<Sheet>& sheets,
                                                          const ItemColumns& columns,
                                                          std::string_view file_id,
                                                          std::vector<Remark>& remarks);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_SERVICE_ITEMS_H_
