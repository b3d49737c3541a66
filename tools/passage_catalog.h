// PassageCatalog: the passages of a snapshot in the order of their documents, found by the unit
// that judgements name.
//
// For measuring that needs the text behind a judgement or what stands beside it. Const after the
// constructor, any thread.

#ifndef POLICYKB_TOOLS_PASSAGE_CATALOG_H_
#define POLICYKB_TOOLS_PASSAGE_CATALOG_H_

#include <map>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "tools/question_set.h"

namespace policykb {

class PassageCatalog {
 public:
  struct Entry {
    std::string name;      // documents/{document}/provisions/{address}
    std::string document;  // id
    std::string unit;      // the first, as QuestionSet::UnitsOf
  };

  PassageCatalog(const Snapshot& snapshot, const QuestionSet& questions);

  const Entry& entry(size_t place) const { return entries_[place]; }
  // Places of the passages of a unit, in order; empty for one that the snapshot does not have.
  const std::vector<size_t>& OfUnit(const std::string& unit) const;
  // The first passage of the next unit of the same document, else of the one before; none where the
  // document has one unit.
  std::vector<size_t> Beside(size_t place) const;

 private:
  std::vector<Entry> entries_;
  std::map<std::string, std::vector<size_t>> of_unit_;
};

}  // namespace policykb

#endif  // POLICYKB_TOOLS_PASSAGE_CATALOG_H_
