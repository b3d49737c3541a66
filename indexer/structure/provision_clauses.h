// Clauses by which a Chinese text gives single provisions a validity of their own: "ben tiao zi
// 2025 nian 1 yue 1 ri qi shi xing", "qi zhong di shi er tiao zi ...", "di san tiao di er kuan you
// xiao qi zhi ...".
//
// Only clauses with a day in them. Not for the validity of the whole text (clauses.h). Pure
// functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PROVISION_CLAUSES_H_
#define POLICYKB_INDEXER_STRUCTURE_PROVISION_CLAUSES_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/civil_date.h"

namespace policykb {

struct ProvisionClause {
  // Addresses of the provisions meant; empty for the one that the clause stands in.
  std::vector<std::string> addresses;
  Validity validity;  // one of both ends
};

// REQUIRES: `text` is that of one article.
std::vector<ProvisionClause> FindProvisionClauses(std::string_view text);

// Addresses of the provisions that `words` name and nothing else, alone, in a list or as a range:
// "di san tiao di er kuan, di wu tiao he di qi tiao zhi di jiu tiao". Empty when they hold more.
std::vector<std::string> ReadAddresses(std::string_view words);

// True when a subject is "ben tiao" or names provisions.
bool NamesProvisions(std::string_view subject);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PROVISION_CLAUSES_H_
